"""Orders for tests, written as checkout writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.orders import domain, repository

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def make_line(order_id: UUID, position: int, final: int, **more: Any) -> OrderLine:
    line = OrderLine(
        id=uuid4(),
        order_id=order_id,
        position=position,
        package_id=uuid4(),
        bundle_id=None,
        app_ids=(uuid4(),),
        names={"ru": "Игра", "en": "Game"},
        organisation_id=uuid4(),
        recipient_id=uuid4(),
        is_gift=False,
        is_preorder=False,
        base=final,
        discount_percent=0,
        bundle_percent=0,
        promo_percent=0,
        region="RU",
        price_version="v1",
        final=final,
        licence_id=None,
        licensed_at=None,
        delivered_at=None,
        refund_pending=0,
        refunded=0,
        refunded_at=None,
    )
    return msgspec.structs.replace(line, **more)


def make_order(
    *finals: int, bonus: int = 0, wallet: int = 0, status: str = "pending", **more: Any
) -> tuple[Order, list[OrderLine]]:
    """Return an order of lines at these prices; what neither bonus nor wallet pay, a provider is to collect."""
    order = Order(
        id=uuid4(),
        account_id=uuid4(),
        quote_id=uuid4(),
        country="RU",
        currency="RUB",
        status="pending",
        method="sbp",
        total=sum(finals),
        bonus_amount=bonus,
        wallet_amount=wallet,
        provider_amount=sum(finals) - bonus - wallet,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        paid_at=None,
        fulfilled_at=None,
        closed_at=None,
        failure_code=None,
        version=1,
    )
    order = msgspec.structs.replace(order, status=status, **more)
    lines = [
        make_line(order.id, position, final, recipient_id=order.account_id)
        for position, final in enumerate(finals)
    ]
    return order, lines


async def fill(database: Database, account: Account, amount: int) -> None:
    """Put money on an account of the ledger."""
    cause = uuid4()
    transfer = Transfer(
        id=leg_id(cause, "top_up"),
        debit=Account(Kind.CLEARING, "yookassa"),
        credit=account,
        amount=Money(amount, "RUB"),
        code="top_up",
        cause_id=cause,
    )
    async with database.transaction() as tx:
        await posting.post(tx, [transfer], now=NOW)


async def write(database: Database, order: Order, lines: list[OrderLine]) -> None:
    """Write an order, with its claims and, where it is mixed, what it sets aside."""
    async with database.transaction() as tx:
        await repository.insert(tx, order, lines)
        assert len(await repository.claim(tx, lines)) == len(lines)
        if pending := domain.pending_transfers(order):
            await posting.post(tx, pending, now=NOW)


async def made(database: Database, *finals: int, **more: Any) -> tuple[Order, list[OrderLine]]:
    """Make an order and write it."""
    order, lines = make_order(*finals, **more)
    owner = str(order.account_id)
    if order.bonus_amount:
        await fill(database, Account(Kind.BONUS, owner), order.bonus_amount)
    if order.wallet_amount:
        await fill(database, Account(Kind.WALLET, owner), order.wallet_amount)
    await write(database, order, lines)
    return order, lines


def wallet_of(order: Order) -> Account:
    return Account(Kind.WALLET, str(order.account_id))
