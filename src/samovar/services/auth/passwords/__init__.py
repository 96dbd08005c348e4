"""Passwords: which are accepted, and how they are hashed without stopping anybody else."""
