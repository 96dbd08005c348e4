"""Text that people write and others read."""
