"""Chargebacks: payments that the payer's bank takes back, from the notice to the verdict."""
