"""Top-ups of the wallet: what a player pays in, once, and takes back while it is untouched."""
