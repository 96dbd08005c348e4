"""What catalog tells of games that people wait for."""
