"""Collections: how players group their games."""
