"""Chargebacks, built from their parts."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.payment.chargebacks import api
from samovar.services.payment.chargebacks.use_cases import Chargebacks

ROUTES = routes_in(api)
PERMISSIONS = {
    api.DECIDE: ("finance", "admin"),
    api.READ: ("support", "finance", "admin"),
}


def build_chargebacks(kit: Kit) -> dict[str, object]:
    """Build what the doors of chargebacks ask for by name."""
    return {"chargebacks": Chargebacks(kit.database, clock=kit.clock, new_id=kit.new_id)}
