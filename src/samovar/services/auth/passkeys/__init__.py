"""Passkeys (WebAuthn): registered, used to sign in and as a second factor, listed, renamed, deleted."""
