"""Payouts as doors show and take them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.payouts.domain import Payout, PayoutStatus, WaitsFor, month_text

Month = Annotated[
    str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", description="A month.", examples=["2026-11"])
]
ORGANISATIONS_MAX = 500
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]


class PayoutView(msgspec.Struct, frozen=True, kw_only=True):
    """A payout as its organisation sees it.

    Attributes:
        waits_for: Why it is not sent, or cannot be approved, yet: of `inn_differs` the organisation is confirmed by another number of a
            taxpayer than its payee has; one of the two is to be mended, then the payout is proposed anew.
        failure: What the bank said when it did not send it, or sent it back later; the money is owed as before.
        needs_npd_receipt: Its receipt of НПД is not here yet.
    """

    id: UUID
    organisation_id: UUID
    period: str
    attempt: int
    amount: Money
    status: PayoutStatus
    waits_for: WaitsFor | None
    proposed_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None
    failure: str | None
    needs_npd_receipt: bool
    npd_receipt: str | None


class StaffPayoutView(PayoutView, frozen=True, kw_only=True):
    """A payout as finance sees it.

    Attributes:
        payable: What was owed when it was proposed.
        in_window: What of that might still have been given back.
        return_reported_by: Who says that the bank has sent it back; it counts once another person confirms it.
    """

    payable: Money
    in_window: Money
    inn: str
    payee_version: int
    proposed_by: UUID
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None
    return_reason: str | None
    return_reported_by: UUID | None
    return_confirmed_by: UUID | None


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which month, and for whom.

    Attributes:
        organisation_ids: None: all that are due, as many as fit into one call.
        after: Go on after this organisation.
    """

    period: Month
    organisation_ids: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=ORGANISATIONS_MAX)] | None = (
        None
    )
    after: UUID | None = None


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What was proposed.

    Attributes:
        not_due: Of those looked at: less than the minimum is owed to them.
        next_after: There are more: ask again with this.
    """

    payouts: list[StaffPayoutView]
    not_due: int
    next_after: UUID | None


class Decline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a payout is not made."""

    reason: Reason


class ReturnReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the bank has sent a payout back."""

    reason: Reason


class NpdReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The receipt that a payer of НПД made for a payout."""

    url: Annotated[
        str,
        Meta(
            max_length=500,
            pattern=r"^https://lknpd\.nalog\.ru/[!-~]+\Z",
            description="Where the tax service shows it.",
        ),
    ]


class Earnings(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation has earned in one currency, and where that is.

    Attributes:
        gross: What players paid for what was delivered.
        payable: Owed and not paid out.
        in_window: What of that is kept because sales may still be given back; the rest is due.
        on_the_way: In payouts that the bank has not answered for.
        reserve: Kept back for a time.
        debt: Owed to the platform after refunds of money that was paid out.
        share_basis_points: What the platform takes of the next sale, in hundredths of a percent.
    """

    currency: str
    gross: int
    tax: int
    commission: int
    developer: int
    refunded_tax: int
    refunded_commission: int
    refunded_developer: int
    payable: int
    in_window: int
    on_the_way: int
    reserve: int
    debt: int
    basis: int
    share_basis_points: int


def view_of(payout: Payout) -> PayoutView:
    """Return a payout as its organisation sees it."""
    return PayoutView(**_common(payout))


def staff_view_of(payout: Payout) -> StaffPayoutView:
    """Return a payout as finance sees it."""
    return StaffPayoutView(
        **_common(payout),
        payable=Money(payout.payable, payout.currency),
        in_window=Money(payout.in_window, payout.currency),
        inn=payout.inn,
        payee_version=payout.payee_version,
        proposed_by=payout.proposed_by,
        decided_by=payout.decided_by,
        decided_at=payout.decided_at,
        reason=payout.reason,
        return_reason=payout.return_reason,
        return_reported_by=payout.return_reported_by,
        return_confirmed_by=payout.return_confirmed_by,
    )


def _common(payout: Payout) -> dict[str, Any]:
    return {
        "id": payout.id,
        "organisation_id": payout.organisation_id,
        "period": month_text(payout.period),
        "attempt": payout.attempt,
        "amount": Money(payout.amount, payout.currency),
        "status": payout.status,
        "waits_for": payout.waits_for,
        "proposed_at": payout.proposed_at,
        "sent_at": payout.sent_at,
        "closed_at": payout.closed_at,
        "failure": payout.failure,
        "needs_npd_receipt": payout.is_professional
        and payout.status == "executed"
        and payout.npd_receipt is None,
        "npd_receipt": payout.npd_receipt,
    }
