"""The ledger: double entry, append-only, in whole minor units."""
