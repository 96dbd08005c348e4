"""All that others may know of social."""
