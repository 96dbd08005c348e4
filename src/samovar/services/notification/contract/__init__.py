"""All that others may know of notification."""
