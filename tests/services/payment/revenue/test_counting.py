"""What organisations are told of their sales is what the ledger says, without anybody's name."""

from collections import Counter
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database
from samovar.services.payment.contract.revenue_events import SalesChange, SalesCounted
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.revenue.reversal import reverse
from tests.services.payment.revenue.selling import NOW, StillClock, delivered, folded, splitter_of

AMOUNTS = [name for name, kind in SalesChange.__annotations__.items() if kind is int]


class _Payload(msgspec.Struct, frozen=True):
    payload: str


async def told(database: Database) -> list[SalesCounted]:
    """Return the events in the outbox, oldest first."""
    rows = await database.fetch(
        "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
        SalesCounted.subject,
        into=_Payload,
    )
    return [msgspec.json.decode(row.payload, type=SalesCounted) for row in rows]


async def summed(database: Database, organisation_id: UUID) -> Counter[str]:
    """Return the sums of all that was told of an organisation."""
    sums: Counter[str] = Counter()
    for event in await told(database):
        for change in event.changes:
            if change.organisation_id == organisation_id:
                sums.update({name: getattr(change, name) for name in AMOUNTS})
    return sums


async def refund(database: Database, order: object, line: object, amount: int) -> None:
    async with database.transaction() as tx:
        await reverse(tx, order=order, line=line, amount=amount, refund_id=uuid4(), now=NOW)  # type: ignore[arg-type]


async def test_sales_and_refunds_add_up_to_what_the_ledger_says(own_database: Database) -> None:
    studio, other = uuid4(), uuid4()
    order, lines = await delivered(own_database, 100_00, 33_33, 7_77, organisations=(studio, studio, other))
    early_order, early_lines = await delivered(own_database, 50_00, 20_00, organisations=(studio,))
    # Before it is divided: one line in whole, one in part.
    await refund(own_database, early_order, early_lines[0], 50_00)
    await refund(own_database, early_order, early_lines[1], 5_00)
    splitter = splitter_of(own_database, StillClock())
    while await splitter.split_batch(2):
        pass
    await refund(own_database, order, lines[0], 40_01)
    await refund(own_database, order, lines[0], 59_99)
    await refund(own_database, order, lines[1], 1)

    sums = await summed(own_database, studio)
    assert (sums["units"], sums["gross"]) == (3, 100_00 + 33_33 + 15_00)
    assert (sums["refunded_units"], sums["refunds"]) == (1, 100_01)
    assert sums["gross"] == sums["tax"] + sums["commission"] + sums["developer"]
    assert sums["refunds"] == (
        sums["refunded_tax"] + sums["refunded_commission"] + sums["refunded_developer"]
    )
    owed = [Account(kind, str(studio)) for kind in (Kind.PAYABLE, Kind.RESERVE, Kind.DEBT)]
    assert sum([await folded(own_database, account) for account in owed]) == (
        sums["developer"] - sums["refunded_developer"]
    )
    assert (await summed(own_database, other))["gross"] == 7_77


async def test_one_package_country_and_day_is_one_change(own_database: Database) -> None:
    studio = uuid4()
    for _ in range(3):
        await delivered(own_database, 10_00, organisations=(studio,))
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE sales SET package_id = $1", uuid4())
    assert await splitter_of(own_database, StillClock()).split_batch() == 3
    [event] = await told(own_database)
    [change] = event.changes
    assert (change.units, change.gross, change.country, change.day) == (3, 30_00, "RU", NOW.date())


async def test_what_nobody_is_paid_for_is_told_to_nobody(own_database: Database) -> None:
    order, lines = await delivered(own_database, 10_00, organisations=(None,))
    await splitter_of(own_database, StillClock()).split_batch()
    await refund(own_database, order, lines[0], 10_00)
    assert await told(own_database) == []
