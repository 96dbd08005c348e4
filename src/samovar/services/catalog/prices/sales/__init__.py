"""Sales: events of the store that staff announce and packages join."""
