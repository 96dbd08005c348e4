"""From a quote to an order, and from which pockets it is paid. Pure."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.ids import IdSource
from samovar.services.payment.domain import Method, Order, OrderLine
from samovar.services.payment.quotes.domain import Quote

# A provider collects no less (YooKassa, T-Bank and SBP: 1 rouble).
PROVIDER_AMOUNT_MIN = 100
RETURN_URL_LENGTH_MAX = 2_000
_PLAIN = re.compile(r"[!-\[\]-~]+")


class Purse(msgspec.Struct, frozen=True):
    """What an account may spend here, in minor units."""

    bonus: int = 0
    wallet: int = 0


class Funding(msgspec.Struct, frozen=True):
    """Where the money of an order comes from, in minor units; the sum is its total."""

    method: Method
    bonus: int = 0
    wallet: int = 0
    provider: int = 0


def fund(
    total: int, method: Method, purse: Purse, *, use_bonus: bool, use_wallet: bool
) -> Funding | FieldError:
    """Return from which pockets a total is paid: bonus first, then wallet, and a provider the rest.

    With the method `wallet` the wallet pays whatever bonus does not; whether it holds that much the ledger says. Where a provider would
    have less to collect than it can, the pockets pay that much less. Nothing is paid for what costs nothing, whatever the method.
    """
    if total == 0:
        return Funding("free")
    if method == "free":
        return FieldError("method", "not_free", "this order costs money: choose how to pay")
    bonus = min(max(purse.bonus, 0), total) if use_bonus else 0
    if method == "wallet":
        return Funding("wallet", bonus, total - bonus)
    wallet = min(max(purse.wallet, 0), total - bonus) if use_wallet else 0
    rest = total - bonus - wallet
    if rest == 0:
        return Funding("wallet", bonus, wallet)
    if total < PROVIDER_AMOUNT_MIN:
        return FieldError("method", "too_little", "pay such a small sum from the wallet")
    lacking = max(0, PROVIDER_AMOUNT_MIN - rest)
    from_wallet = min(lacking, wallet)
    return Funding(method, bonus - (lacking - from_wallet), wallet - from_wallet, rest + lacking)


def order_of(
    quote: Quote, funding: Funding, *, order_id: UUID, payment_id: UUID | None, ttl: timedelta, now: datetime
) -> Order:
    """Return the order that a quote becomes: paid where no provider has to collect anything."""
    is_paid = funding.provider == 0
    return Order(
        id=order_id,
        account_id=quote.account_id,
        quote_id=quote.id,
        country=quote.country,
        currency=quote.currency,
        status="paid" if is_paid else "pending",
        method=funding.method,
        total=quote.total,
        bonus_amount=funding.bonus,
        wallet_amount=funding.wallet,
        provider_amount=funding.provider,
        created_at=now,
        expires_at=now + ttl,
        paid_at=now if is_paid else None,
        fulfilled_at=None,
        closed_at=None,
        failure_code=None,
        version=1,
        payment_id=payment_id,
    )


def lines_of(quote: Quote, order_id: UUID, new_id: IdSource) -> list[OrderLine]:
    """Return the lines of the order that a quote becomes."""
    return [
        OrderLine(
            id=new_id(),
            order_id=order_id,
            position=position,
            package_id=line.package_id,
            bundle_id=line.bundle_id,
            app_ids=line.app_ids,
            names=line.names,
            organisation_id=line.organisation_id,
            recipient_id=line.recipient_id,
            is_gift=line.is_gift,
            is_preorder=line.is_preorder,
            base=line.base,
            discount_percent=line.discount_percent,
            bundle_percent=line.bundle_percent,
            promo_percent=line.promo_percent,
            region=line.region,
            price_version=line.price_version,
            final=line.final,
            licence_id=None,
            licensed_at=None,
            delivered_at=None,
            refund_pending=0,
            refunded=0,
            refunded_at=None,
            reduced=line.reduced,
            price=line.price,
        )
        for position, line in enumerate(quote.lines)
    ]


def fault_of_return_url(url: str, origins: Collection[str]) -> FieldError | None:
    """Return what is wrong with the address that a player comes back to: it leads to one of these origins, and nowhere else.

    Browsers read a backslash as a slash, drop line breaks, and take what stands before an `@` for a name: none of it is let through.
    """
    allowed = "an address of this site, or of one that its operator allows"
    fault = FieldError("return_url", "foreign_origin", allowed)
    if not _PLAIN.fullmatch(url):
        return fault
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
    except ValueError:
        return fault
    if parts.scheme not in {"https", "http"} or origin not in {one.rstrip("/").lower() for one in origins}:
        return fault
    return None


def description_of(order_id: UUID, language: Literal["ru", "en"] = "ru") -> str:
    """Return what a provider shows beside the sum."""
    return f"Заказ {order_id}" if language == "ru" else f"Order {order_id}"


def faults_of_claims(
    lines: Sequence[OrderLine], free: Collection[UUID], paid: Collection[tuple[UUID, UUID]]
) -> list[FieldError]:
    """Return which lines cannot be bought because somebody buys or has bought the same for the same person.

    Args:
        lines: Those of the new order.
        free: The lines whose claim was had.
        paid: The claims of others that are paid, as recipient and package.
    """
    return [
        FieldError(f"lines[{line.position}].package_id", "already_owned", "is owned already")
        if (line.recipient_id, line.package_id) in paid
        else FieldError(f"lines[{line.position}].package_id", "purchase_in_flight", "is being bought already")
        for line in lines
        if line.id not in free
    ]
