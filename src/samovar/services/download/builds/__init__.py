"""Builds: what a developer uploads, byte by byte."""
