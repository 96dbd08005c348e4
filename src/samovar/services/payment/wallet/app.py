"""The wallet, built from its parts."""

from importlib import resources

from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.services import payment
from samovar.services.payment.wallet import api
from samovar.services.payment.wallet.use_cases import Wallet

ROUTES = routes_in(api)


def build_wallet(kit: Kit) -> dict[str, object]:
    """Build what the doors of the wallet ask for by name."""
    return {"wallet": Wallet(kit.database, catalogue=Catalogue.load([resources.files(payment) / "locale"]))}
