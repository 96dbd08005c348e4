"""Pipelines that are trusted to publish: trusted publishing by OpenID Connect tokens."""
