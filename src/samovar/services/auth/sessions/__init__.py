"""Sessions and devices: how they begin, what one sees of them, how they end."""
