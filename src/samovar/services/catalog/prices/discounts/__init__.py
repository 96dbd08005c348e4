"""Discounts: rules that are data, wishes that are judged, what was granted."""
