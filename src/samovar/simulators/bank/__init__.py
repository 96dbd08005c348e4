"""A bank that sends payouts, for development and tests: a small JSON API under `/bank/v1`, part of `samovar.simulators.money`."""
