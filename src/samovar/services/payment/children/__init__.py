"""What families let their children pay for."""
