"""Recovery codes: they stand in for the second factor that is lost."""
