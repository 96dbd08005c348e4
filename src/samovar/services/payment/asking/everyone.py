"""Everybody whom the rooms of payment may ask, built once."""

from samovar.kit.runtime import Kit
from samovar.services.payment.asking.account import People
from samovar.services.payment.asking.catalog import Catalog
from samovar.services.payment.asking.library import Library
from samovar.services.payment.asking.residence import Residences
from samovar.services.payment.settings import PaymentSettings


class Everyone:
    """Catalog, library, account, and what account has told of where people live."""

    def __init__(self, kit: Kit, settings: PaymentSettings) -> None:
        self.catalog = Catalog(kit.peers)
        self.library = Library(kit.peers)
        self.people = People(kit.peers, unknown_age_level=settings.unknown_age_level)
        self.residences = Residences(kit.database, default_country=settings.default_country, clock=kit.clock)
