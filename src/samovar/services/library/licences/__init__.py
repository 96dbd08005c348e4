"""Licences: what a player may use, by which right, and until when."""
