"""The shelf: what a player has or may play, as it is listed, searched, sorted and marked."""
