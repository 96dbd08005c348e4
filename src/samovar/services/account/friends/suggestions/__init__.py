"""Whom somebody may know: friends of their friends."""
