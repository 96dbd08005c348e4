"""Keeps lines: hands each to what writes such things."""
