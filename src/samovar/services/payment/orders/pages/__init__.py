"""The pages of orders: the list, and one that explains itself to the kopeck."""
