"""Samovar («Самовар»): an open game platform made of twelve services on one kit."""
