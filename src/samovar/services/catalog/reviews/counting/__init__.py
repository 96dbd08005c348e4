"""The counts of reviews, kept exactly whatever happens to reviews at once, and what is shown of them."""
