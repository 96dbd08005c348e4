"""All that others may know of auth."""
