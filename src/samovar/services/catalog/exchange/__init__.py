"""Exchange: the whole catalogue as a file of lines, in and out."""
