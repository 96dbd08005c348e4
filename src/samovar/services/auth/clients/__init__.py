"""Clients: the programs that sign people in with Samovar."""
