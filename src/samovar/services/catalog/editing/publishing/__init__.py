"""Publishing: how a draft becomes the page, and how pages leave the store and come back."""
