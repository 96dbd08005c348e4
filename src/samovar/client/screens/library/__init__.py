"""What the player has: the library, a game in it, downloads, the wallet, the wishlist."""
