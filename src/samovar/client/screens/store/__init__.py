"""The store: its front and its search."""
