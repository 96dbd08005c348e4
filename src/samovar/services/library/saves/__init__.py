"""Saves: files of games kept as versions, of which no side of a conflict is lost."""
