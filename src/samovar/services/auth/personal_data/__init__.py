"""Personal data: what auth holds of people, and what becomes of it when they are erased."""
