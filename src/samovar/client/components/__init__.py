"""What screens are built of. The route /_ui shows each in all its states."""
