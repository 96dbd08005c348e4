"""The shares of the platform, as finance keeps them."""
