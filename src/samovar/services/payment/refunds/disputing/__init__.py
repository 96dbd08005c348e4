"""Disputing: what a chargeback does to the money and the lines of an order."""
