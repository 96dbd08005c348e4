"""All that others may know of admin."""
