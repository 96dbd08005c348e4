"""From paid to fulfilled, by what library and catalog tell."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from samovar.services.catalog.contract.events import AppChanged
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.payment.contract.events import OrderFulfilled
from samovar.services.payment.domain import OrderLine
from samovar.services.payment.orders import refunding
from tests.services.payment.orders.checkout.counter import Counter
from tests.services.payment.orders.making import made, make_order, write

CLAIM = "SELECT count(*) FROM purchase_claims WHERE line_id = $1"
STATUS = "SELECT status FROM orders WHERE id = $1"


def granted(line: OrderLine, source: str | None = "order") -> LicenceGranted:
    return LicenceGranted(
        licence_id=uuid4(),
        account_id=line.recipient_id,
        app_ids=line.app_ids,
        package_id=line.package_id,
        kind="purchase",
        granted_at=datetime.now(UTC),
        source=source,
        source_id=str(line.id),
    )


def ended(line: OrderLine, reason: str) -> LicenceRevoked:
    return LicenceRevoked(
        licence_id=uuid4(),
        account_id=line.recipient_id,
        app_ids=line.app_ids,
        package_id=line.package_id,
        kind="purchase",
        granted_at=datetime.now(UTC),
        revoked_at=datetime.now(UTC),
        reason=reason,
        source="order",
        source_id=str(line.id),
    )


def released(app_id: UUID, stage: str = "released") -> AppChanged:
    return AppChanged(
        app_id=app_id,
        slug=f"game-{app_id.hex[:12]}",
        title="Игра",
        kind="game",
        state="published",
        stage=stage,
        age_rating=12,
        version=2,
        changed_at=datetime.now(UTC),
    )


async def applied(
    counter: Counter, event: LicenceGranted | LicenceRevoked | AppChanged, times: int = 1
) -> None:
    """Tell an event so many times under one id, and wait until it is applied."""
    event_id = uuid4()
    for _ in range(times):
        await counter.payment.announce(event, event_id=event_id)
    names = {
        LicenceGranted: "note_licence",
        LicenceRevoked: "note_end_of_licence",
        AppChanged: "note_release",
    }
    await counter.payment.until(
        "SELECT true FROM kit.inbox WHERE event_id = $1 AND consumer LIKE $2",
        event_id,
        f"%{names[type(event)]}",
    )


async def test_an_order_is_fulfilled_when_every_licence_is_there(counter: Counter) -> None:
    now = datetime.now(UTC)
    order, (line, other) = await made(counter.database, 100, 200, status="paid", paid_at=now)
    await applied(counter, granted(line), times=2)
    assert await counter.database.fetch_value(STATUS, order.id) == "paid"
    await applied(counter, granted(other))
    await applied(counter, granted(other))
    assert await counter.database.fetch_value(STATUS, order.id) == "fulfilled"
    told = [one for one in await counter.payment.events(OrderFulfilled) if one.order_id == order.id]
    assert len(told) == 1
    assert await counter.count("SELECT count(*) FROM sales WHERE line_id = ANY($1)", [line.id, other.id]) == 2


async def test_licences_of_others_and_of_unpaid_lines_mean_nothing(counter: Counter) -> None:
    # The counter's own job ends what nobody pays in time.
    order, (line,) = await made(counter.database, 100, expires_at=datetime.now(UTC) + timedelta(hours=1))
    await applied(counter, granted(line, source="key"))
    await applied(counter, granted(line))
    assert await counter.database.fetch_value(STATUS, order.id) == "pending"
    assert (
        await counter.count(
            "SELECT count(*) FROM order_lines WHERE id = $1 AND licensed_at IS NOT NULL", line.id
        )
        == 0
    )


async def test_what_is_not_out_is_licensed_at_once_and_delivered_when_it_is_out(counter: Counter) -> None:
    order, (line,) = make_order(100, status="paid", paid_at=datetime.now(UTC))
    fields = {name: getattr(line, name) for name in line.__struct_fields__} | {"is_preorder": True}
    line = OrderLine(**fields)
    await write(counter.database, order, [line])
    await applied(counter, granted(line))
    assert await counter.database.fetch_value(STATUS, order.id) == "paid"
    delivered = "SELECT count(*) FROM order_lines WHERE id = $1 AND delivered_at IS NOT NULL"
    assert await counter.count(delivered, line.id) == 0
    await applied(counter, released(line.app_ids[0], "coming_soon"))
    assert await counter.count("SELECT count(*) FROM released_apps WHERE app_id = $1", line.app_ids[0]) == 0
    await applied(counter, released(line.app_ids[0]))
    assert await counter.count("SELECT count(*) FROM released_apps WHERE app_id = $1", line.app_ids[0]) == 1


async def test_a_licence_that_ends_otherwise_than_by_a_refund_frees_the_package(counter: Counter) -> None:
    _, (line, other) = await made(counter.database, 100, 200, status="paid", paid_at=datetime.now(UTC))
    async with counter.database.transaction() as tx:
        await refunding.reserve(tx, {other.id: 200})
    await applied(counter, ended(line, "banned"))
    await applied(counter, ended(other, "refunded"))
    assert await counter.count(CLAIM, line.id) == 0
    assert await counter.count(CLAIM, other.id) == 1
