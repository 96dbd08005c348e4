"""Orders and lines as they are when they are paid, for tests of what becomes of their money."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.ids import new_id
from samovar.kit.money import Money
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.repository import find_order, lines_of
from samovar.services.payment.revenue.sales import record
from samovar.services.payment.revenue.splitting.splitter import Splitter

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class StillClock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


def splitter_of(
    database: Database, clock: Clock, *, reserve_percent: int = 0, reserve_days: int = 60
) -> Splitter:
    return Splitter(
        database, reserve_percent=reserve_percent, reserve_days=reserve_days, clock=clock, new_id=new_id
    )


async def paid(
    database: Database, *prices: int, organisations: tuple[UUID | None, ...] = (), currency: str = "RUB"
) -> tuple[Order, list[OrderLine]]:
    """Write an order that is paid, its money prepaid; each line of the organisation at its place, or of the last one."""
    order_id, buyer = uuid4(), uuid4()
    owners = organisations or (uuid4(),)
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO orders (id, account_id, quote_id, country, currency, status, method, total, wallet_amount, created_at,
                expires_at, paid_at)
            VALUES ($1, $2, $3, 'RU', $4, 'paid', 'wallet', $5, $5, $6, $6, $6)
            """,
            order_id,
            buyer,
            uuid4(),
            currency,
            sum(prices),
            NOW,
        )
        await tx.execute(
            """
            INSERT INTO order_lines (id, order_id, position, package_id, app_ids, names, organisation_id, recipient_id, is_gift,
                is_preorder, base, discount_percent, bundle_percent, region, price_version, final)
            SELECT gen_random_uuid(), $1, place, gen_random_uuid(), ARRAY[gen_random_uuid()], '{"ru": "Игра"}', organisation_id, $2,
                false, false, price, 0, 0, 'RU', '1', price
            FROM unnest($3::bigint[], $4::uuid[]) WITH ORDINALITY AS sold (price, organisation_id, place)
            """,
            order_id,
            buyer,
            list(prices),
            [owners[min(place, len(owners) - 1)] for place in range(len(prices))],
        )
        if sum(prices):
            await post(
                tx,
                order_id,
                Account(Kind.CLEARING, "test", currency),
                Account(Kind.PREPAID, "", currency),
                sum(prices),
            )
    order = await find_order(database, order_id)
    assert order
    return order, await lines_of(database, [order_id])


async def post(tx: Transaction, cause: UUID, debit: Account, credit: Account, amount: int) -> None:
    transfer = Transfer(
        id=leg_id(cause, f"{debit.kind}>{credit.kind}"),
        debit=debit,
        credit=credit,
        amount=Money(amount, debit.currency),
        code="capture",
        cause_id=cause,
    )
    await posting.post(tx, [transfer], now=NOW)


async def delivered(
    database: Database,
    *prices: int,
    organisations: tuple[UUID | None, ...] = (),
    currency: str = "RUB",
    now: datetime = NOW,
) -> tuple[Order, list[OrderLine]]:
    """Write an order that is paid and delivered: its lines wait to be split."""
    order, lines = await paid(database, *prices, organisations=organisations, currency=currency)
    async with database.transaction() as tx:
        await record(tx, order, lines, now=now)
    return order, lines


async def folded(database: Database, account: Account) -> int:
    """Return the balance of any account, credits less debits, by its transfers."""
    value = await database.fetch_value(
        """
        SELECT coalesce(sum(CASE WHEN credit_account_id = $1 THEN amount ELSE -amount END), 0)::bigint FROM ledger_transfers
        WHERE $1 IN (credit_account_id, debit_account_id) AND kind IN ('posted', 'post')
        """,
        account.id,
    )
    assert isinstance(value, int)
    return value
