"""An act with the agent's report, as it is kept and shown. Additive change only: an old one must be read for ever."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.services.payment.payouts.payees.schemas import PayeeDetails


class SoldPackage(msgspec.Struct, frozen=True, kw_only=True):
    """What was sold of a package in the month, or given back; amounts in minor units.

    Attributes:
        gross: What players paid.
        tax: VAT in it.
        commission: The platform's fee.
        developer: The organisation's part.
    """

    package_id: UUID
    name: str
    count: int
    gross: int
    tax: int
    commission: int
    developer: int


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in what is owed, by its reason: `sale`, `refund`, `reserve`, `release`, `offset`, `payout`."""

    code: str
    amount: int


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """The platform, as acts name it."""

    name: str
    inn: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What an act says.

    Attributes:
        commission: The agent's fee of the month: of what was sold, less of what was given back.
        commission_vat: VAT in it, by the platform's own regime.
        opening: What was owed when the month began.
        closing: What was owed when it ended: `opening` and all movements.
        reserve: Kept back when it ended.
    """

    payee: PayeeDetails
    seller: Seller
    sold: tuple[SoldPackage, ...]
    refunded: tuple[SoldPackage, ...]
    commission: int
    commission_vat: int
    commission_vat_percent: int
    opening: int
    movements: tuple[Movement, ...]
    closing: int
    reserve: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """An act with the agent's report of a month; what it says never changes.

    Attributes:
        number: `2026-11/17`.
        begins_on: The first day.
        ends_on: The last day.
    """

    organisation_id: UUID
    number: str
    period: str
    currency: str
    begins_on: date
    ends_on: date
    issued_at: datetime
    document: Document


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """An act, as a list shows it."""

    number: str
    period: str
    currency: str
    commission: int
    closing: int
    issued_at: datetime
