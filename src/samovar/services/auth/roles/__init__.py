"""Roles: who may do what beyond playing."""
