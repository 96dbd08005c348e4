"""Profiles, settings, activity history, friends and verified contacts of people."""
