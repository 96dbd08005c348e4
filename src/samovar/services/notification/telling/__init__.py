"""Telling: events of other services become what people are told."""
