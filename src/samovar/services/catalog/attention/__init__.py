"""How many look at pages and want games: numbers by day, never people."""
