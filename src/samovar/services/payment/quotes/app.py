"""Quotes, built from their parts."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.promo.trying import Trying
from samovar.services.payment.quotes import api, jobs
from samovar.services.payment.quotes.offers import Offers
from samovar.services.payment.quotes.use_cases import Forgetting, Quotes
from samovar.services.payment.settings import PaymentSettings

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)


def build_quotes(
    kit: Kit, settings: PaymentSettings, everyone: Everyone, offers: Offers
) -> dict[str, object]:
    """Build what the doors of quotes ask for by name."""
    return {
        "quotes": Quotes(
            kit.database,
            offers=offers,
            residences=everyone.residences,
            trying=Trying(kit.database, kit.limits),
            secret=settings.signing_secret,
            ttl_s=settings.quote_ttl_s,
            gift_days=settings.gift_ttl_days,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
        "forgetting": Forgetting(kit.database, kit.clock),
    }
