"""All that others may know of analytics."""
