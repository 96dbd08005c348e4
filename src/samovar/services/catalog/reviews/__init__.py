"""Reviews: what players say of the games they own, what others think of that, and the score that comes of it."""
