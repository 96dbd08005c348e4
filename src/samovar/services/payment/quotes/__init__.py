"""What somebody wants to buy, priced: signed, expiring, taken once."""
