"""What screens show, as plain objects that need no Flutter."""
