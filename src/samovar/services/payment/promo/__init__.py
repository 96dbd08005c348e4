"""Codes that take something off a purchase."""
