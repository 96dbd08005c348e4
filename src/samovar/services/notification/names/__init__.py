"""Names: what other services call the things and people that notifications are about."""
