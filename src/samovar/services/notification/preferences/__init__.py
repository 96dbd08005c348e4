"""Preferences: of what a person wants to be told."""
