"""Pushes a folder as a build: what the platform lacks is packed and sent, signed, looked at, and given to a branch."""
