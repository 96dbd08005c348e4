"""What a window does with the games of its computer."""
