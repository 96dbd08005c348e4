"""Plans: how a device gets from one build to another."""
