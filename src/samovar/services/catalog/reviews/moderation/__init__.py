"""Moderation: reviews that are taken out of sight, and put back."""
