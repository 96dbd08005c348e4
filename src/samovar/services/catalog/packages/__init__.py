"""Packages and bundles: what is sold, where, and what it holds."""
