"""Builds of an app, and the branches that give them to players."""
