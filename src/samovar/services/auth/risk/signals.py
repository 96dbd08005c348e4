"""Reading the signals of a sign-in, before it leaves traces of its own; in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.rest.client import network_of
from samovar.services.auth.domain import first_id_at
from samovar.services.auth.risk import domain, repository
from samovar.services.auth.risk.domain import GUESSED_WITHIN, GUESSES_MIN, Risk, Signals

PLACES_MAX = 100


async def risks_of(
    tx: Transaction, account_id: UUID, *, address: str, is_known_device: bool, now: datetime
) -> tuple[Risk, ...]:
    """Return why a sign-in that is about to happen looks unlike its owner."""
    traces = await repository.find_traces(
        tx,
        account_id,
        failed_since=first_id_at(now - GUESSED_WITHIN),
        failures_max=GUESSES_MIN,
        places_max=PLACES_MAX,
    )
    signals = Signals(
        failures=traces.failures,
        last_used_at=traces.last_used_at,
        networks=frozenset(network_of(one) for one in traces.addresses),
        network=network_of(address),
        is_known_device=is_known_device,
    )
    return domain.risks_of(signals, now)
