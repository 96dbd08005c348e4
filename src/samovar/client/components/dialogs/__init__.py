"""Dialogs: a question over the screen, before something that cannot be taken back."""
