"""Organisations: who they are, who is in them, and what the state knows of them."""
