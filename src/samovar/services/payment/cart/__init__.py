"""What somebody intends to buy."""
