"""Branches: which build players get."""
