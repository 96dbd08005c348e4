"""What games and tools use of the platform: a client of its public API, a launcher with a bridge for any language, and `game`, which games carry along."""
