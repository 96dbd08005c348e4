"""Telling the owner what happened to the account, and hearing «это был не я»."""
