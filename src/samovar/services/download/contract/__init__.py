"""All that others may know of download."""
