"""Apps: their pages, the words and people that pages name, and what others may ask of them."""
