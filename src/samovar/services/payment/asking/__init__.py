"""What payment asks of other services, and keeps of what they tell."""
