"""Ownership, put together."""

from samovar.kit.events import consumers_in
from samovar.services.catalog.ownership import consumers

CONSUMERS = consumers_in(consumers)
