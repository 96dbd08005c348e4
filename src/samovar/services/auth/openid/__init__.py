"""Signing in with Samovar: from a client's request over the person's yes to a code (OpenID Connect Core 1.0)."""
