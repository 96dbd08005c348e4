"""A payee as doors show and take them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.payment.payouts.payees.domain import LegalForm, TaxRegime
from samovar.services.payment.revenue.vat import VatRegime

Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]


class PayeeDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is paid, and where to.

    Attributes:
        legal_form: A company (ООО), an entrepreneur (ИП) or a self-employed person.
        name: As the register has it.
        tax_regime: `professional` is НПД.
        vat_regime: What of the price is VAT: `exempt` is software of the Russian register.
    """

    legal_form: LegalForm
    name: Line
    inn: Annotated[str, Meta(pattern=r"^([0-9]{10}|[0-9]{12})\Z", description="10 digits, 12 of a person.")]
    kpp: Annotated[str, Meta(pattern=r"^[0-9]{4}[0-9A-Z]{2}[0-9]{3}\Z")] | None = None
    ogrn: Annotated[str, Meta(pattern=r"^([0-9]{13}|[0-9]{15})\Z", description="ОГРН or ОГРНИП.")] | None = (
        None
    )
    legal_address: (
        Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+\Z")] | None
    ) = None
    contract_number: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
    contract_date: date
    tax_regime: TaxRegime
    vat_regime: VatRegime
    bik: Annotated[str, Meta(pattern=r"^[0-9]{9}\Z", description="The bank.")]
    bank_name: Line
    bank_number: Annotated[str, Meta(pattern=r"^[0-9]{20}\Z", description="The account in it, in roubles.")]


class Payee(msgspec.Struct, frozen=True, kw_only=True):
    """A payee as they are now.

    Attributes:
        frozen_reason: Nothing is paid out, because of this.
        waits_until: Until then nothing is paid out to the new bank details.
    """

    organisation_id: UUID
    version: int
    details: PayeeDetails
    frozen_reason: str | None
    waits_until: datetime | None
    changed_at: datetime


class PayeeVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A payee as they were, with who made it so and why."""

    version: int
    details: Any
    frozen_reason: str | None
    actor_id: UUID
    reason: str | None
    changed_at: datetime


class Freeze(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why nothing is to be paid out, or why it may be again."""

    reason: Reason
