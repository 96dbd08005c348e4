"""Friends: requests, friendships and blocks between two accounts."""
