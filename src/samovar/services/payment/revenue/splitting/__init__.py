"""Splitting without end."""
