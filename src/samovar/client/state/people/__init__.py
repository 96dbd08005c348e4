"""People, without Flutter."""
