"""Signing out of Samovar from a client, and telling clients that a session is over."""
