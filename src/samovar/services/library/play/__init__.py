"""Play: sessions of games, what of them counts, and how long each game was played."""
