"""Who works for an organisation: its members, and the keys of its servers."""
