"""Gifts, built from their parts."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.gifts import api, jobs
from samovar.services.payment.gifts.use_cases import Gifts, Returns

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)


def build_gifts(kit: Kit, everyone: Everyone) -> dict[str, object]:
    """Build what the doors of gifts ask for by name."""
    return {
        "gifts": Gifts(kit.database, everyone=everyone, clock=kit.clock),
        "gift_returns": Returns(kit.database, clock=kit.clock),
    }
