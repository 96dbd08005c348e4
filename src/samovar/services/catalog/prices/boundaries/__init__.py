"""The beginnings and ends of discounts, told to others. Prices do not wait for it."""
