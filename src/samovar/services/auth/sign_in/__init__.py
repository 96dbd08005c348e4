"""Registering, and signing in with a password."""
