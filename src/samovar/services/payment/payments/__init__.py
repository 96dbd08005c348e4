"""Payments: what players pay through providers, from the intent to the money, and back."""
