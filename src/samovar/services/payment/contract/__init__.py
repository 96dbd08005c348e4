"""All that others may know of payment."""
