"""The checks of the ledger itself."""
