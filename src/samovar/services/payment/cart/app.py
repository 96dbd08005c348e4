"""Carts, built from their parts."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.cart import api
from samovar.services.payment.cart.use_cases import Carts
from samovar.services.payment.quotes.offers import Offers

ROUTES = routes_in(api)


def build_cart(kit: Kit, everyone: Everyone, offers: Offers) -> dict[str, object]:
    """Build what the doors of carts ask for by name."""
    return {"carts": Carts(kit.database, offers=offers, residences=everyone.residences, clock=kit.clock)}
