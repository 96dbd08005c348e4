"""Consents: what people agreed to, in which wording, when, and what they took back."""
