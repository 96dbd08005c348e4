"""Preferences: how a person wants the platform to look and speak; on the wire, their settings."""
