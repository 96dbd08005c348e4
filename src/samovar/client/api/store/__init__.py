"""What the store tells of a game besides its page: reviews, news, that it was looked at."""
