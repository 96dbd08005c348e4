"""Downloads, without Flutter."""
