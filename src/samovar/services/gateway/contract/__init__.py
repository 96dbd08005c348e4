"""All that others may know of gateway."""
