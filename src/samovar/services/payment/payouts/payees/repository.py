"""SQL of payees: as they are, as they were, their regimes of VAT."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payouts.payees.schemas import Payee, PayeeDetails, PayeeVersion
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


_DETAILS = (
    "legal_form",
    "name",
    "inn",
    "kpp",
    "ogrn",
    "legal_address",
    "contract_number",
    "contract_date",
    "tax_regime",
    "vat_regime",
    "bik",
    "bank_name",
    "bank_number",
)
_COLUMNS = ", ".join(_DETAILS)
_PLACES = ", ".join(f"${place}" for place in range(5, 5 + len(_DETAILS)))


class _Row(PayeeDetails, frozen=True, kw_only=True, forbid_unknown_fields=False):
    organisation_id: UUID
    version: int
    frozen_reason: str | None
    keeper_id: UUID
    waits_until: datetime | None
    changed_at: datetime

    def payee(self) -> Payee:
        details = PayeeDetails(**{name: getattr(self, name) for name in _DETAILS})
        return Payee(
            organisation_id=self.organisation_id,
            version=self.version,
            details=details,
            frozen_reason=self.frozen_reason,
            waits_until=self.waits_until,
            changed_at=self.changed_at,
        )


class _Details(msgspec.Struct, frozen=True):
    details: PayeeDetails


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A payee, and whose account keeps their bank details."""

    payee: Payee
    keeper_id: UUID


async def find_payee(reader: Database | Transaction, organisation_id: UUID) -> Kept | None:
    """Return a payee."""
    row = await reader.fetch_one(
        "SELECT * FROM payees WHERE organisation_id = $1", organisation_id, into=_Row
    )
    return Kept(payee=row.payee(), keeper_id=row.keeper_id) if row else None


async def lock_payee(tx: Transaction, organisation_id: UUID) -> Kept | None:
    """Return a payee that nobody else changes until this transaction ends."""
    row = await tx.fetch_one(
        "SELECT * FROM payees WHERE organisation_id = $1 FOR UPDATE", organisation_id, into=_Row
    )
    return Kept(payee=row.payee(), keeper_id=row.keeper_id) if row else None


async def put_payee(
    tx: Transaction,
    organisation_id: UUID,
    details: PayeeDetails,
    *,
    keeper_id: UUID,
    waits_until: datetime | None,
    now: datetime,
) -> Payee | None:
    """Write a payee anew; none when somebody else made them first."""
    row = await tx.fetch_one(
        f"""
        INSERT INTO payees AS p (organisation_id, version, keeper_id, waits_until, changed_at, {_COLUMNS})
        VALUES ($1, 1, $2, $3, $4, {_PLACES})
        ON CONFLICT (organisation_id) DO UPDATE SET version = p.version + 1, keeper_id = $2, waits_until = $3, changed_at = $4,
            ({_COLUMNS}) = ROW ({_PLACES})
        RETURNING *
        """,  # noqa: S608  names of this file
        organisation_id,
        keeper_id,
        waits_until,
        now,
        *(getattr(details, name) for name in _DETAILS),
        into=_Row,
    )
    return row.payee() if row else None


async def set_frozen(
    tx: Transaction, organisation_id: UUID, reason: str | None, now: datetime
) -> Payee | None:
    """Freeze a payee, or thaw them."""
    row = await tx.fetch_one(
        "UPDATE payees SET frozen_reason = $2, changed_at = $3, version = version + 1 WHERE organisation_id = $1 RETURNING *",
        organisation_id,
        reason,
        now,
        into=_Row,
    )
    return row.payee() if row else None


async def add_version(tx: Transaction, payee: Payee, *, actor_id: UUID, reason: str | None) -> None:
    """Keep a payee as they are now."""
    await tx.execute(
        "INSERT INTO payee_versions VALUES ($1, $2, $3, $4, $5, $6, $7)",
        payee.organisation_id,
        payee.version,
        payee.details,
        payee.frozen_reason,
        actor_id,
        reason,
        payee.changed_at,
    )


async def add_regime(tx: Transaction, payee: Payee) -> None:
    """Let the payee's regime of VAT hold from now on, unless it does already."""
    await tx.execute(
        """
        INSERT INTO payee_regimes (organisation_id, valid_from, vat_regime) SELECT $1, $2, $3
        WHERE $3 IS DISTINCT FROM (
            SELECT vat_regime FROM payee_regimes WHERE organisation_id = $1 ORDER BY valid_from DESC LIMIT 1)
        ON CONFLICT (organisation_id, valid_from) DO UPDATE SET vat_regime = excluded.vat_regime
        """,
        payee.organisation_id,
        payee.changed_at,
        payee.details.vat_regime,
    )


async def put_confirmed_inn(tx: Transaction, organisation_id: UUID, inn: str, at: datetime) -> None:
    """Keep by which number an organisation is confirmed, unless a later one is known."""
    await tx.execute(
        """
        INSERT INTO confirmed_inns (organisation_id, inn, confirmed_at) VALUES ($1, $2, $3)
        ON CONFLICT (organisation_id) DO UPDATE SET inn = excluded.inn, confirmed_at = excluded.confirmed_at
        WHERE confirmed_inns.confirmed_at <= excluded.confirmed_at
        """,
        organisation_id,
        inn,
        at,
    )


async def find_confirmed_inn(reader: Database | Transaction, organisation_id: UUID) -> str | None:
    """Return by which number an organisation is confirmed; none: nobody has told."""
    found: str | None = await reader.fetch_value(
        "SELECT inn FROM confirmed_inns WHERE organisation_id = $1", organisation_id
    )
    return found


async def find_versions(
    reader: Database | Transaction, organisation_id: UUID, before: int | None, limit: int
) -> list[PayeeVersion]:
    """Return what a payee was, the newest first."""
    return await reader.fetch(
        """
        SELECT * FROM payee_versions WHERE organisation_id = $1 AND ($2::int IS NULL OR version < $2)
        ORDER BY version DESC LIMIT $3
        """,
        organisation_id,
        before,
        limit,
        into=PayeeVersion,
    )


async def find_details(
    reader: Database | Transaction, organisation_id: UUID, version: int
) -> PayeeDetails | None:
    """Return the details of one version of a payee."""
    found = await reader.fetch_one(
        "SELECT details FROM payee_versions WHERE organisation_id = $1 AND version = $2",
        organisation_id,
        version,
        into=_Details,
    )
    return found.details if found else None
