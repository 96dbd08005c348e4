"""Payment providers: one port, and who speaks which dialect behind it."""
