"""The checks of payouts."""
