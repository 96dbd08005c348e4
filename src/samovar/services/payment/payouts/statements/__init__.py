"""Acts with the agent's report of each month, and registers for the bank."""
