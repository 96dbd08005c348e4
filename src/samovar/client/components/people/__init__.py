"""People: their pictures, and their rows in lists."""
