"""Payment providers for development and tests: YooKassa v3 under `/yookassa/v3`, T-Bank under `/tbank/v2`, each in its own dialect.

Written from the providers' public documents. It shares no code with the platform, so that a misreading of a document on one side is
not repeated on the other. Part of `samovar.simulators.money`; what it can do wrong is listed in `faults`.
"""
