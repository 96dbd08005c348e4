"""All that others may know of developer."""
