"""All that others may know of catalog."""
