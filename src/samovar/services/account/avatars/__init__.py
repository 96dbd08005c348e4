"""Avatars: the pictures of people."""
