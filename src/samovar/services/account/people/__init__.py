"""People: finding them by name."""
