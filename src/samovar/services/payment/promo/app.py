"""Promo codes, built from their parts."""

import secrets

from samovar.kit.identity import Permissions
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.promo import api
from samovar.services.payment.promo.use_cases import PromoCodes

ROUTES = routes_in(api)
PERMISSIONS = {api.EDIT: ("finance",), api.OWN: ("developer",)}


def build_promo(kit: Kit, everyone: Everyone) -> dict[str, object]:
    """Build what the doors of promo codes ask for by name."""
    return {
        "promo_codes": PromoCodes(
            kit.database,
            catalog=everyone.catalog,
            permissions=Permissions(PERMISSIONS),
            own=api.OWN,
            draw=secrets.token_bytes,
            clock=kit.clock,
            new_id=kit.new_id,
        )
    }
