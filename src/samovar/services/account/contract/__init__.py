"""All that others may know of account."""
