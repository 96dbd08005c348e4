"""The members of organisations, whose roles auth keeps."""
