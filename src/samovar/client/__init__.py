"""The Flutter client of players and developers, written in Python through Flet. Its README says how a screen is written."""
