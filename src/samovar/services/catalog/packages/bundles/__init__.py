"""Bundles: several packages, sold together at a discount."""
