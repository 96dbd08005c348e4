"""What amounts the books of others say, beside those of payment: wallets and refunds as players are told, cash registers, fees."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.testing.money import SimulatedMoney
from samovar.testing.platform import Platform
from tests.journeys.market import Buyer

# By cash register: money that moved outside, and advances that were used up or came back.
ELECTRONIC, PREPAID = 1, 2
KOPECKS = 100
_NOTHING = Decimal(0)


class Sums(msgspec.Struct, frozen=True):
    """The sums of one receipt, kopecks."""

    remote_id: str
    operation: str
    total: int
    electronic: int
    offset_amount: int


class Held(msgspec.Struct, frozen=True):
    """What is in a wallet by the ledger."""

    account_id: str
    amount: int


class Charged(msgspec.Struct, frozen=True):
    """What a provider took for its work."""

    provider: str
    provider_payment_id: str
    fee: int


async def wallets_agree(platform: Platform, payment: Database, buyers: list[Buyer]) -> None:
    """Compare what each player reads of their wallet with the ledger."""
    rows = await payment.fetch(
        """
        SELECT a.owner AS account_id, (b.credits_posted - b.debits_posted)::bigint AS amount
        FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id WHERE a.kind = 'wallet'
        """,
        into=Held,
    )
    held = {row.account_id: row.amount for row in rows}
    for buyer in buyers:
        shown = await platform.request("GET", "/v1/wallet", token=buyer.token)
        assert shown.status == 200, shown.body
        told = (shown.body["balance"]["amount"], shown.body["pending"]["amount"])
        assert told == (held.get(str(buyer.account_id), 0), 0), buyer.account_id


async def refunds_agree(
    platform: Platform, payment: Database, granted: list[tuple[Buyer, str]], price: int
) -> None:
    """Compare what each player reads of a refund with what went back of the order's money."""
    for buyer, refund_id in granted:
        shown = await platform.request("GET", f"/v1/refunds/{refund_id}", token=buyer.token)
        assert shown.status == 200, shown.body
        kept = await payment.fetch_value(
            "SELECT coalesce(sum(amount), 0)::bigint FROM refund_parts WHERE refund_id = $1", UUID(refund_id)
        )
        parts = sum(part["amount"]["amount"] for part in shown.body["parts"])
        assert (shown.body["amount"]["amount"], parts, kept) == (price, price, price), refund_id


async def receipts_agree(payment: Database, money: SimulatedMoney) -> None:
    """Compare the sums of every document that the cash registers took with the receipt that it is."""
    rows = await payment.fetch(
        "SELECT remote_id, operation, total, electronic, offset_amount FROM receipts", into=Sums
    )
    ours = {row.remote_id: row for row in rows}
    theirs = {one["uuid"]: _sums_of(one) for one in await money.receipts() if one["status"] == "done"}
    assert theirs == ours


async def fees_agree(payment: Database, money: SimulatedMoney) -> None:
    """Compare what YooKassa says that it took with what is kept of each payment, and all fees with the ledger."""
    rows = await payment.fetch(
        "SELECT provider, provider_payment_id, fee FROM payments WHERE fee > 0", into=Charged
    )
    theirs = {one["id"]: one["fee"] for one in await money.payments() if one["provider"] == "yookassa"}
    ours = {row.provider_payment_id: row.fee for row in rows if row.provider == "yookassa"}
    assert ours == {key: fee for key, fee in theirs.items() if fee}
    booked = await payment.fetch_value(
        "SELECT coalesce(sum(amount), 0)::bigint FROM ledger_transfers WHERE code = 'fee' AND kind IN ('posted', 'post')"
    )
    assert booked == sum(row.fee for row in rows)


def _sums_of(document: dict[str, Any]) -> Sums:
    receipt = document["document"].get("receipt") or document["document"]["correction"]
    paid = {ELECTRONIC: _NOTHING, PREPAID: _NOTHING}
    for payment in receipt["payments"]:
        paid[payment["type"]] += Decimal(str(payment["sum"]))
    return Sums(
        remote_id=document["uuid"],
        operation=document["operation"],
        total=_kopecks(receipt["total"]),
        electronic=_kopecks(paid[ELECTRONIC]),
        offset_amount=_kopecks(paid[PREPAID]),
    )


def _kopecks(amount: object) -> int:
    return int(Decimal(str(amount)) * KOPECKS)
