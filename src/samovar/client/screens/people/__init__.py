"""People: profiles, friends, those who ask to be, those who are blocked."""
