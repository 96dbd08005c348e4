"""What the screens of buying and giving back show."""
