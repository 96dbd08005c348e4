"""All that others may know of library."""
