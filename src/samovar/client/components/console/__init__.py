"""What the screens of developers are built of."""
