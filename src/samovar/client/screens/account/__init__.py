"""Registering, signing in, recovery, and the security of an account."""
