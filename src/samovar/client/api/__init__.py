"""The platform, as one player calls it."""
