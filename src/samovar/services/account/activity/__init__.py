"""Activity: what people did with their accounts, for themselves to look back at."""
