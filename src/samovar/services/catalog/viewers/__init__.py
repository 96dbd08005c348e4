"""Viewers: who looks at the store, from where, and how old they are known to be."""
