"""Under which regime of VAT an organisation sold on a day, for whoever splits its sales."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payouts.payees import repository
from samovar.services.payment.revenue.vat import VatRegime


class Regimes:
    """The regimes of some organisations, each from a moment on."""

    def __init__(self, known: Sequence[repository.Regime]) -> None:
        self._known: dict[str, list[repository.Regime]] = {}
        for one in known:
            self._known.setdefault(str(one.organisation_id), []).append(one)

    def at(self, owner: str, moment: datetime) -> VatRegime:
        """Return the regime at a moment; of whom nothing is known, no VAT is withheld."""
        held = [one for one in self._known.get(owner, ()) if one.valid_from <= moment]
        return max(held, key=lambda one: one.valid_from).vat_regime if held else "none"


async def regimes_of(reader: Database | Transaction, organisation_ids: Sequence[UUID]) -> Regimes:
    """Return the regimes of organisations in one query."""
    return Regimes(await repository.find_regimes(reader, organisation_ids))
