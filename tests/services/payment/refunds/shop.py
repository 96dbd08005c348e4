"""Orders that are paid, with their money in the ledger, for what gives them back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.events import Event
from samovar.kit.money import Money
from samovar.services.library.contract.events import LicenceRevoked
from samovar.services.payment import repository as orders
from samovar.services.payment.contract.events import RefundSettled, RefundStarted
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.testing.hosting import Answer, Running
from tests.services.payment.refunds.peers import AuthPeer, CatalogPeer, LibraryPeer, PlayPeer

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class _Row(msgspec.Struct, frozen=True):
    payload: str


class _Sum(msgspec.Struct, frozen=True):
    kind: str
    net: int


class Shop:
    """Makes paid orders in a database and looks at what became of their money."""

    def __init__(self, database: Database, *, paid_at: datetime = NOW) -> None:
        self.database = database
        self.paid_at = paid_at

    async def sell(
        self,
        finals: Sequence[int],
        *,
        account_id: UUID | None = None,
        bonus: int = 0,
        wallet: int = 0,
        **line: Any,
    ) -> tuple[Order, list[OrderLine]]:
        """Return an order of a line for each price; what neither bonus money nor wallet pay, YooKassa does."""
        account_id, total = account_id or uuid4(), sum(finals)
        provider = total - bonus - wallet
        order_id, payment_id = uuid4(), uuid4() if provider else None
        async with self.database.transaction() as tx:
            await tx.execute(
                """
                INSERT INTO orders (id, account_id, quote_id, country, currency, status, method, total, bonus_amount, wallet_amount,
                    provider_amount, created_at, expires_at, paid_at, payment_id)
                VALUES ($1, $2, $3, 'RU', 'RUB', 'paid', $4, $5, $6, $7, $8, $9, $10, $9, $11)
                """,
                order_id,
                account_id,
                uuid4(),
                "card" if provider else "wallet",
                total,
                bonus,
                wallet,
                provider,
                self.paid_at,
                self.paid_at + timedelta(hours=1),
                payment_id,
            )
            await _insert_lines(tx, order_id, finals, {"recipient_id": account_id} | line)
            if payment_id:
                await self._insert_payment(tx, payment_id, order_id, account_id, provider)
            await self._move(tx, order_id, account_id, bonus=bonus, wallet=wallet, provider=provider)
        return await self.order(order_id)

    async def _insert_payment(
        self, tx: Transaction, payment_id: UUID, order_id: UUID, account_id: UUID, amount: int
    ) -> None:
        await tx.execute(
            """
            INSERT INTO payments (id, purpose, purpose_id, account_id, method, amount, currency, description, state, provider,
                provider_payment_id, captured, captured_at, expires_at, created_at)
            VALUES ($1, 'order', $2, $3, 'card', $4, 'RUB', 'Заказ', 'captured', 'yookassa', $5, $4, $6, $6, $6)
            """,
            payment_id,
            order_id,
            account_id,
            amount,
            str(payment_id),
            self.paid_at,
        )

    async def _move(
        self, tx: Transaction, order_id: UUID, account_id: UUID, *, bonus: int, wallet: int, provider: int
    ) -> None:
        own, given = Account(Kind.WALLET, str(account_id)), Account(Kind.BONUS, str(account_id))
        for leg, debit, credit, amount in (
            ("top_up", Account(Kind.CLEARING, "tbank"), own, wallet),
            ("gift", Account(Kind.GOODWILL), given, bonus),
            ("wallet", own, Account(Kind.PREPAID), wallet),
            ("bonus", given, Account(Kind.PREPAID), bonus),
            ("capture", Account(Kind.CLEARING, "yookassa"), Account(Kind.PREPAID), provider),
        ):
            if amount:
                transfer = Transfer(
                    id=leg_id(order_id, leg),
                    debit=debit,
                    credit=credit,
                    amount=Money(amount, "RUB"),
                    code="purchase",
                    cause_id=order_id,
                )
                await posting.post(tx, [transfer], now=self.paid_at)

    async def order(self, order_id: UUID) -> tuple[Order, list[OrderLine]]:
        """Return an order as it is now."""
        order = await orders.find_order(self.database, order_id)
        assert order
        return order, await orders.lines_of(self.database, [order_id])

    async def status(self, refund_id: UUID) -> str:
        """Return the status of a refund."""
        status: str = await self.database.fetch_value("SELECT status FROM refunds WHERE id = $1", refund_id)
        return status

    async def parts(self, refund_id: UUID) -> list[UUID]:
        """Return the names by which payments knows what a refund sends to instruments."""
        rows = await self.database.fetch(
            "SELECT id::text AS payload FROM refund_parts WHERE refund_id = $1 AND destination = 'instrument' ORDER BY id",
            refund_id,
            into=_Row,
        )
        return [UUID(row.payload) for row in rows]

    async def books(self) -> dict[str, int]:
        """Return credits less debits of each kind of account that is not even."""
        rows = await self.database.fetch(
            """
            SELECT a.kind, sum(m.amount)::bigint AS net FROM (
                SELECT credit_account_id AS id, amount FROM ledger_transfers
                UNION ALL SELECT debit_account_id, -amount FROM ledger_transfers) m
            JOIN ledger_accounts a USING (id) GROUP BY a.kind HAVING sum(m.amount) <> 0
            """,
            into=_Sum,
        )
        return {row.kind: row.net for row in rows}

    async def wallet(self, account_id: UUID) -> int:
        """Return what is in somebody's wallet."""
        return (await posting.balance(self.database, Account(Kind.WALLET, str(account_id)))).available

    async def bonus(self, account_id: UUID) -> int:
        """Return the bonus money of somebody."""
        return (await posting.balance(self.database, Account(Kind.BONUS, str(account_id)))).available

    async def told(self, kind: type[Event]) -> list[Event]:
        """Return the events of a kind that were published."""
        rows = await self.database.fetch(
            "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
            kind.subject,
            into=_Row,
        )
        return [msgspec.json.decode(row.payload, type=kind) for row in rows]

    async def started(self) -> list[RefundStarted]:
        """Return what library was told."""
        return [event for event in await self.told(RefundStarted) if isinstance(event, RefundStarted)]

    async def settled(self) -> list[RefundSettled]:
        """Return what everybody was told in the end."""
        return [event for event in await self.told(RefundSettled) if isinstance(event, RefundSettled)]


async def _insert_lines(tx: Transaction, order_id: UUID, finals: Sequence[int], line: dict[str, Any]) -> None:
    made = {
        "is_gift": False,
        "is_preorder": False,
        "bundle_id": None,
        "delivered_at": None,
        "licensed_at": None,
        "organisation_id": None,
    } | line
    await tx.execute(
        """
        INSERT INTO order_lines (id, order_id, position, package_id, bundle_id, app_ids, names, recipient_id, is_gift, is_preorder,
            base, discount_percent, bundle_percent, region, price_version, final, licensed_at, delivered_at, organisation_id)
        SELECT gen_random_uuid(), $1, place, gen_random_uuid(), $2, ARRAY[gen_random_uuid()], '{"ru": "Игра"}', $3, $4, $5,
            final, 0, 0, 'RU', '1', final, $7, $8, $9
        FROM unnest($6::bigint[]) WITH ORDINALITY AS t (final, place)
        """,
        order_id,
        made["bundle_id"],
        made["recipient_id"],
        made["is_gift"],
        made["is_preorder"],
        list(finals),
        made["licensed_at"],
        made["delivered_at"],
        made["organisation_id"],
    )


class Desk(Shop):
    """Payment as players and support have it, with shelves of its own beside small servers of library, catalog and auth."""

    def __init__(
        self, payment: Running, *, library: LibraryPeer, play: PlayPeer, catalog: CatalogPeer, auth: AuthPeer
    ) -> None:
        super().__init__(payment.database, paid_at=datetime.now(UTC))
        self.payment = payment
        self.library = library
        self.played = play
        self.catalog = catalog
        self.auth = auth

    async def sell(self, finals: Sequence[int], **more: Any) -> tuple[Order, list[OrderLine]]:
        """Return a paid order whose games the recipient has, and has played for a minute."""
        order, lines = await super().sell(finals, **more)
        for line in lines:
            self.play(line, 1)
        return order, lines

    def play(self, line: OrderLine, minutes: int) -> None:
        """Let whoever has a line have played it for so long."""
        for app_id in line.app_ids:
            self.library.minutes[str(line.recipient_id), str(app_id)] = minutes

    async def ask(
        self,
        order: Order,
        body: dict[str, Any] | None = None,
        *,
        by: UUID | None = None,
        key: str | None = None,
    ) -> Answer:
        """Ask for a refund."""
        return await self.payment.request(
            "POST",
            f"/v1/orders/{order.id}/refunds",
            account_id=by or order.account_id,
            headers={"Idempotency-Key": key or str(uuid4())},
            json={"reason": "Не подошло"} | (body or {}),
        )

    async def staff(
        self, path: str, body: dict[str, Any], *, by: UUID | None = None, key: str | None = None
    ) -> Answer:
        """Do something as support."""
        return await self.payment.request(
            "POST",
            f"/v1/admin/payments/{path}",
            account_id=by or uuid4(),
            roles=("support",),
            acr="aal2",
            headers={"Idempotency-Key": key or str(uuid4())},
            json=body,
        )

    async def end_licence(self, line: OrderLine, *, source: str = "order") -> None:
        """Let library tell that the licence of a line is over."""
        await self.payment.announce(
            LicenceRevoked(
                licence_id=uuid4(),
                account_id=line.recipient_id,
                app_ids=line.app_ids,
                kind="purchase",
                granted_at=self.paid_at,
                revoked_at=datetime.now(UTC),
                reason="refunded",
                source=source,
                source_id=str(line.id),
            )
        )
