"""Creators of organisations: made and named by those whose they are."""
