"""What developers do with the platform."""
