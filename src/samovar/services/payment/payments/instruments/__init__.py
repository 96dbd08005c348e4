"""How a player can pay, and the instruments kept for next time."""
