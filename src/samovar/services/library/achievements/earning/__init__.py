"""What players have achieved."""
