"""Settings: the account, privacy, notices, language, accessibility, personal data."""
