"""What a person types to say who they are: it follows the contacts that account has proof of."""
