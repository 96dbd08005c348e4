"""SQL of payees: as they are, as they were, their regimes of VAT."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.revenue.vat import VatRegime


class Regime(msgspec.Struct, frozen=True, kw_only=True):
    """The regime of an organisation from a moment on."""

    organisation_id: UUID
    valid_from: datetime
    vat_regime: VatRegime


async def find_regimes(reader: Database | Transaction, organisation_ids: Sequence[UUID]) -> list[Regime]:
    """Return all regimes that organisations have had."""
    return await reader.fetch(
        "SELECT organisation_id, valid_from, vat_regime FROM payee_regimes WHERE organisation_id = ANY($1)",
        organisation_ids,
        into=Regime,
    )
