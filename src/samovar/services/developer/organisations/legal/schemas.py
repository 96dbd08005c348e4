"""Legal details as doors show and take them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.developer.organisations.legal.domain import ClaimState, LegalForm

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]+\Z")]


class LegalDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organisation is in law.

    Attributes:
        legal_form: A company (ООО, АО), an entrepreneur (ИП) or a self-employed person (НПД).
        legal_name: As the register has it; may be left out where the register tells it.
    """

    legal_form: LegalForm
    inn: Annotated[str, Meta(pattern=r"^([0-9]{10}|[0-9]{12})\Z", description="10 digits, 12 of a person.")]
    legal_name: (
        Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^\S[^\x00-\x1f\x7f]*\Z")] | None
    ) = None
    kpp: Annotated[str, Meta(pattern=r"^[0-9]{4}[0-9A-Z]{2}[0-9]{3}\Z")] | None = None
    ogrn: Annotated[str, Meta(pattern=r"^([0-9]{13}|[0-9]{15})\Z", description="ОГРН or ОГРНИП.")] | None = (
        None
    )


class LegalClaim(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation says that it is, and what became of that.

    Attributes:
        finding: Why it was refused, or what a person is to look at: `not_in_register`, `not_active`, `ogrn_differs`, `kpp_differs`,
            `inn_taken`, `register_away`, `no_register`, `by_hand`.
        reason: What a member of staff wrote who decided.
    """

    id: UUID
    organisation_id: UUID
    legal_form: LegalForm
    legal_name: str | None
    inn: str
    kpp: str | None
    ogrn: str | None
    state: ClaimState
    finding: str | None
    reason: str | None
    claimed_at: datetime
    decided_at: datetime | None


class Legal(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an organisation in law.

    Attributes:
        confirmed: What holds.
        latest: What was said last; the same, or not decided yet, or refused.
    """

    confirmed: LegalClaim | None
    latest: LegalClaim | None


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a member of staff decides so; the organisation reads it."""

    reason: Reason


class ClaimKey(msgspec.Struct, frozen=True):
    """What the list of open claims is sorted by: the oldest first."""

    claimed_at: datetime
    id: UUID
