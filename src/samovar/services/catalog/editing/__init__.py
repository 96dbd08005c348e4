"""Editing: drafts of pages, what differs, who changed what, and how a draft becomes the page."""
