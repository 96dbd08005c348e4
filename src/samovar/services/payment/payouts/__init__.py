"""Money to organisations: who they are, what they are owed, how it reaches them."""
