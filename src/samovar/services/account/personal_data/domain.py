"""The rules of requests for personal data, as pure functions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

Kind = Literal["export", "erasure"]
State = Literal["waiting", "running", "done", "canceled", "expired"]

EXPORT_KEPT = timedelta(days=7)
# Whoever asks again within this time gets the export that there is.
EXPORT_PAUSE = timedelta(days=1)
LINK_TTL = timedelta(minutes=10)
PROOF_AGE_MAX_S = 900
PAUSE_MIN_S = 5.0
PAUSE_MAX_S = 600.0
_FIRST, _MIDDLE, _LAST = 0, 1, 2


def rank_of(kind: Kind, service: str) -> int:
    """Return the order of a service's step: auth forgets first, so that nobody signs in meanwhile; account, which drives, last."""
    if kind == "export":
        return _MIDDLE
    return {"auth": _FIRST, "account": _LAST}.get(service, _MIDDLE)


def pause_s(attempts: int) -> float:
    """Return how long a step waits after so many attempts."""
    return float(min(PAUSE_MIN_S * 2 ** max(attempts - 1, 0), PAUSE_MAX_S))


def all_services(known: Iterable[str], addressed: Iterable[str]) -> tuple[str, ...]:
    """Return the services to ask: those that this release knows of, and those that the installation has beside them."""
    return tuple(sorted({*known, *addressed}))
