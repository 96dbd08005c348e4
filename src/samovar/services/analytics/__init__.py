"""Metrics, reports, recommendations, experiments."""
