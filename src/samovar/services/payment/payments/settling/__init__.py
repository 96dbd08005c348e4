"""What an outcome of a provider does to the books and to what the payment is for."""
