"""What developers are told of their games and their money."""
