"""Workflows of developers and publishers: organisations, drafts, releases, uploads."""
