"""What people are told, through which channel, and why."""
