"""Buying: the cart, paying, orders, giving back."""
