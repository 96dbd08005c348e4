"""What the store is built of: rows of games, the carousel, the price block."""
