"""Handing receipts to the cash registers."""
