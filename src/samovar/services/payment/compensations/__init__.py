"""Compensations: money that support gives, a second person approving what is large."""
