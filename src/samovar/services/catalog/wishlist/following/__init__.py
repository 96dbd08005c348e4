"""Following: developers and publishers whose news somebody wants."""
