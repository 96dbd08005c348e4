"""API keys: what a developer's server calls with."""
