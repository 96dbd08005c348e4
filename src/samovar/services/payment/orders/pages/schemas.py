"""The shapes of the list of orders, and of the page of one."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.domain import Method, OrderStatus
from samovar.services.payment.orders.pages.domain import (
    AwaitedCode,
    FundStatus,
    MomentCode,
    PartCode,
    StepCode,
)
from samovar.services.payment.receipts.shown import ShownReceipt
from samovar.services.payment.refunds.schemas import RefundView

Statuses = Annotated[list[OrderStatus], Meta(max_length=9, description="Only orders that are one of these.")]


class OrderKey(msgspec.Struct, frozen=True):
    """What the list is sorted by."""

    id: UUID


class ListedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line, as the list shows it.

    Attributes:
        is_awaited: It is paid and not out yet.
    """

    id: UUID
    package_id: UUID
    names: dict[str, str]
    recipient_id: UUID
    is_gift: bool
    is_awaited: bool
    final: Money
    refunded: Money


class ListedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order, as the list shows it."""

    id: UUID
    status: OrderStatus
    method: Method
    total: Money
    created_at: datetime
    paid_at: datetime | None
    expires_at: datetime
    failure_code: str | None
    lines: list[ListedLine]


class PriceStepView(msgspec.Struct, frozen=True, kw_only=True):
    """One step from the price without any discount to what is paid.

    Attributes:
        percent: By how much, where it is a percentage.
        amount: What this step adds, or takes off.
        left: The price after it; after the last step what is paid.
        text: The same in a sentence, in the reader's language.
    """

    code: StepCode
    percent: int | None
    amount: Money
    left: Money
    text: str


class LineSplitView(msgspec.Struct, frozen=True, kw_only=True):
    """Who has what of the price of a line.

    Attributes:
        status: `waiting`: it is split a moment after it is given; until then the platform keeps all of it for the player.
        developer: What is the developer's, after what was taken back.
        commission: What the platform keeps.
        tax: VAT in it, that the platform passes on.
        vat_percent: The rate; null where the seller charges none.
        tier_version: The version of the table that says how much the platform keeps.
        given_back: What went back to the player.
    """

    status: Literal["waiting", "split"]
    developer: Money
    commission: Money
    tax: Money
    vat_percent: int | None
    tier_version: int | None
    given_back: Money


class AwaitedView(msgspec.Struct, frozen=True, kw_only=True):
    """What was bought in advance waits for.

    Attributes:
        code: `day`: `on` is promised; `promise`: something less certain is, `unknown`: nothing is known; `out`: it came out just now.
        text: The same in a sentence, in the reader's language.
    """

    code: AwaitedCode
    on: date | None
    text: str


class OrderLineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line, with how its price was made and where it went.

    Attributes:
        region: Whose price it is.
        price_version: The same for the same arithmetic.
        steps: From the price without any discount to `final`.
        licensed_at: Since when the licence is there.
        delivered_at: Since when it is given for good: of what was not out, the day of the release.
        awaited: What it waits for: it is paid and not out yet; null of everything else.
        refund_pending: What is on its way back.
    """

    id: UUID
    package_id: UUID
    bundle_id: UUID | None
    app_ids: tuple[UUID, ...]
    names: dict[str, str]
    organisation_id: UUID | None
    recipient_id: UUID
    is_gift: bool
    is_preorder: bool
    region: str
    price_version: str
    steps: list[PriceStepView]
    final: Money
    split: LineSplitView
    licence_id: UUID | None
    licensed_at: datetime | None
    delivered_at: datetime | None
    awaited: AwaitedView | None
    refund_pending: Money
    refunded: Money
    refunded_at: datetime | None


class FundView(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the payment.

    Attributes:
        provider: Which payment provider collected it; null until it has, and for bonus and wallet.
        status: `waiting` for the player to pay it, `set_aside` until the rest is paid, `paid`, or `released`: nothing was taken.
    """

    source: Literal["bonus", "wallet", "provider"]
    amount: Money
    status: FundStatus
    method: Method | None = None
    provider: str | None = None
    refunded: Money | None = None


class TrailStep(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer of the ledger.

    Attributes:
        kind: `posted`, `pending`, or what became of a pending one: `post`, `void`, `expire`.
        code: Why, a stable code; `title` says it in the reader's language.
        debit: The account of the ledger that it leaves, `credit` that which it goes to.
        cause_id: The order, line, payment or refund that moved it.
        text: The whole transfer in a sentence, in the reader's language.
    """

    id: UUID
    at: datetime
    kind: str
    code: str
    title: str
    debit: str
    credit: str
    amount: Money
    cause_id: UUID
    text: str


class MoneyPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the total, and where it is."""

    code: PartCode
    amount: Money
    text: str


class MoneyPage(msgspec.Struct, frozen=True, kw_only=True):
    """Where the money went. The parts add up to the total.

    Attributes:
        provider_fee: What the payment provider took of the platform's part.
    """

    total: Money
    parts: list[MoneyPart]
    provider_fee: Money


class MomentView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to the order."""

    at: datetime
    code: MomentCode
    text: str
    line_id: UUID | None
    refund_id: UUID | None


class ConfirmationView(msgspec.Struct, frozen=True, kw_only=True):
    """How the player confirms the payment, while it waits for that."""

    type: Literal["redirect", "qr"]
    url: str


class OrderPage(msgspec.Struct, frozen=True, kw_only=True):
    """An order that explains itself.

    Attributes:
        confirmation: Null: nothing waits for the player.
        promo_code: The promo code that took a part off.
        funding: From where it is paid; the amounts add up to the total.
        trail: The transfers of the ledger, in their order.
        money: Where the money went.
    """

    id: UUID
    status: OrderStatus
    method: Method
    country: str
    total: Money
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    fulfilled_at: datetime | None
    closed_at: datetime | None
    failure_code: str | None
    confirmation: ConfirmationView | None
    promo_code: str | None
    lines: list[OrderLineView]
    funding: list[FundView]
    money: MoneyPage
    trail: list[TrailStep]
    receipts: list[ShownReceipt]
    refunds: list[RefundView]
    timeline: list[MomentView]
