"""Payouts that the bank has sent back."""
