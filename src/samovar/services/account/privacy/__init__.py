"""Privacy: who may see what of whom."""
