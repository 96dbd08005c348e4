"""Editing the page of an app."""
