"""Access tokens, refresh tokens, and the keys behind both."""
