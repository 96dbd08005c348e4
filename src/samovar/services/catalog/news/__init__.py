"""What developers tell of their apps: news and what changed in releases."""
