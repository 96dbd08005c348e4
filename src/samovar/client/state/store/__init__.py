"""What the screens of the store show."""
