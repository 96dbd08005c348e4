"""Three small games of our own: played in the terminal, published by the demo, built and updated as anybody's game is."""
