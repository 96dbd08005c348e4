"""Families: who belongs to one, as an adult or as a child."""
