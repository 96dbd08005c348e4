"""Showing orders to those who made them."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Protocol
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import OPEN, Order, OrderLine
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.ledger import trail
from samovar.services.payment.orders.pages import domain, repository
from samovar.services.payment.orders.pages.domain import AppRelease
from samovar.services.payment.orders.pages.explaining import Explainer, Known
from samovar.services.payment.orders.pages.schemas import ListedLine, ListedOrder, OrderKey, OrderPage
from samovar.services.payment.payments import captured, showing
from samovar.services.payment.payments.domain import causes_of
from samovar.services.payment.quotes import taking
from samovar.services.payment.receipts import shown
from samovar.services.payment.refunds import telling
from samovar.services.payment.revenue import splits


class ReleaseDays(Protocol):
    """Whoever knows when apps come out."""

    async def of(self, app_ids: Collection[UUID]) -> dict[UUID, AppRelease]:
        """Return when these apps come out, as far as that can be told at this moment."""
        ...


class OrderPages:
    """The orders of players, as they see them."""

    def __init__(self, database: Database, *, explainer: Explainer, release_days: ReleaseDays) -> None:
        self._database = database
        self._release_days = release_days
        self._explainer = explainer

    async def list_orders(
        self, caller: Caller, statuses: Sequence[str], cursor: str | None, limit: int
    ) -> Page[ListedOrder]:
        """Return a page of the caller's orders, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, OrderKey)
        found = await repository.list_orders(self._database, caller.account_id, statuses, after, limit + 1)
        lines = await orders.lines_of(self._database, [order.id for order in found]) if found else []
        by_order = {key: list(group) for key, group in groupby(lines, key=lambda line: line.order_id)}
        listed = [_listed(order, by_order.get(order.id, [])) for order in found]
        return page_of(listed, limit, lambda order: OrderKey(order.id))

    async def show(self, caller: Caller, order_id: UUID, language: Language) -> OrderPage:
        """Return an order that explains itself, all of it as of one moment.

        Raises:
            OrderNotFound: The caller has no such order.
        """
        async with self._database.transaction(isolation="repeatable_read") as tx:
            order = await orders.find_order(tx, order_id)
            if order is None or order.account_id != caller.account_id:
                raise OrderNotFound(f"{order_id}")
            known = await _gather(tx, order)
        awaited = {
            app_id for line in known.lines if domain.is_awaited(order, line) for app_id in line.app_ids
        }
        if awaited:
            known = msgspec.structs.replace(known, releases=await self._release_days.of(awaited))
        return self._explainer.page(known, language)


async def _gather(tx: Transaction, order: Order) -> Known:
    """Ask every room what it knows of an order."""
    lines = await orders.lines_of(tx, [order.id])
    refunds = await telling.refunds_of(tx, order.id)
    quote = await taking.find(tx, order.quote_id)
    causes = [order.id, *(line.id for line in lines)]
    for refund in refunds:
        causes += [refund.id, *(part.part_id for part in refund.parts)]
    strays = await captured.strays_of(tx, order.id) if order.provider_amount else []
    apart = causes_of(strays)
    causes += apart
    payment = None
    if order.payment_id is not None:
        causes += [order.payment_id] if order.payment_id not in causes else []
        payment = await showing.state_of(tx, order.payment_id) if order.status in OPEN else None
    return Known(
        order=order,
        lines=lines,
        splits={split.line_id: split for split in await splits.splits_of(tx, [line.id for line in lines])},
        trail=await trail.trail_of(tx, causes),
        captured=await captured.captured_of(tx, order.id) if order.provider_amount else [],
        strays=strays,
        receipts=await shown.receipts_of(tx, order.id, apart),
        refunds=refunds,
        payment=payment,
        promo_code=quote.promo_code if quote else None,
    )


def _listed(order: Order, lines: Sequence[OrderLine]) -> ListedOrder:
    return ListedOrder(
        id=order.id,
        status=order.status,
        method=order.method,
        total=order.money(order.total),
        created_at=order.created_at,
        paid_at=order.paid_at,
        expires_at=order.expires_at,
        failure_code=order.failure_code,
        lines=[
            ListedLine(
                id=line.id,
                package_id=line.package_id,
                names=line.names,
                recipient_id=line.recipient_id,
                is_gift=line.is_gift,
                is_awaited=domain.is_awaited(order, line),
                final=order.money(line.final),
                refunded=order.money(line.refunded),
            )
            for line in lines
        ],
    )
