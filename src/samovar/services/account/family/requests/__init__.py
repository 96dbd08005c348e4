"""What the children of a family ask its adults for: a purchase, or more time to play today."""
