"""How much apps are played by all, for their developers."""
