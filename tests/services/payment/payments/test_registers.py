"""L12: a day of a provider's register agrees with payments, or each difference is named."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.money import Money
from samovar.services.payment.payments.registers import domain
from samovar.services.payment.payments.registers.domain import Difference, Movement
from samovar.services.payment.payments.registers.use_cases import Registers
from samovar.services.payment.providers.port import RegisterRow
from samovar.services.payment.providers.routing import Router
from samovar.testing.hosting import Running
from tests.services.payment.payments.desk import Desk, Till

DAY = date(2026, 11, 27)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def row(id_: str, amount: int) -> RegisterRow:
    return RegisterRow(kind="payment", id=id_, amount=Money(amount, "RUB"))


def moved(id_: str, amount: int, at: datetime = NOON) -> Movement:
    return Movement(kind="payment", id=id_, amount=amount, at=at)


def differences(there: list[RegisterRow], here: list[Movement]) -> list[Difference]:
    known = {(one.kind, one.id): one.amount for one in here}
    return domain.compared("yookassa", DAY, there, here, known=known, now=NOON).differences


def test_what_both_know_alike_agrees() -> None:
    register = domain.compared(
        "yookassa", DAY, [row("a", 5)], [moved("a", 5)], known={("payment", "a"): 5}, now=NOON
    )
    assert (register.status, register.taken_there, register.taken_here) == ("agreed", 5, 5)


def test_each_difference_is_named() -> None:
    assert differences([row("a", 5), row("b", 6)], [moved("b", 7), moved("c", 8)]) == [
        Difference(kind="payment", id="a", there=5, here=None),
        Difference(kind="payment", id="b", there=6, here=7),
        Difference(kind="payment", id="c", there=None, here=8),
    ]


def test_a_movement_at_midnight_may_stand_on_the_other_day() -> None:
    since, until = domain.span_of(DAY)
    assert since == datetime(2026, 11, 26, 21, tzinfo=UTC)
    near = [moved("a", 5, since + timedelta(minutes=1)), moved("b", 5, until - timedelta(minutes=1))]
    assert differences([], near) == []


def test_today_is_not_over() -> None:
    assert domain.days_to_check(datetime(2026, 11, 27, 20, 59, tzinfo=UTC))[-1] == date(2026, 11, 26)
    assert domain.days_to_check(datetime(2026, 11, 27, 21, 1, tzinfo=UTC))[-1] == date(2026, 11, 27)


class Book(Desk):
    """A desk with a register."""

    is_away = False

    def register(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow] | None:
        return self._rows(since, until)

    async def _rows(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow]:
        if self.is_away:
            raise Unavailable("away")
        if since <= NOON < until:
            for one in self.payments.values():
                if one.captured:
                    yield RegisterRow(kind="payment", id=one.id, amount=one.captured)


@pytest.fixture
async def till(own_database: Database) -> Till:
    till = Till(own_database, Book("yookassa"))
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    await till.driver.hear(payment_id)
    till.clock.turn(days=1)
    return till


async def statuses(till: Till) -> set[str]:
    registers = Registers(till.database, router=Router(till.desks, till.clock), clock=till.clock)
    await registers.compare()
    return {one.status for one in (await registers.show(differing=False, cursor=None, limit=10)).items}


async def test_a_day_agrees(till: Till) -> None:
    assert await statuses(till) == {"agreed"}


async def test_a_payment_of_theirs_that_nobody_knows_is_found_and_gone_when_explained(till: Till) -> None:
    desk = till.desks[0]
    stray = msgspec.structs.replace(next(iter(desk.payments.values())), id="stray", payment_id=uuid4())
    desk.payments["stray"] = stray
    assert await statuses(till) == {"agreed", "differs"}
    del desk.payments["stray"]
    assert await statuses(till) == {"agreed"}


async def test_a_register_that_cannot_be_read_says_so(till: Till) -> None:
    desk = till.desks[0]
    assert isinstance(desk, Book)
    desk.is_away = True
    assert await statuses(till) == {"unread"}


async def test_only_finance_reads_registers(payment: Running) -> None:
    path, account_id = "/v1/admin/payments/registers", uuid4()
    assert (await payment.request("GET", path, account_id=account_id)).status == 403
    answer = await payment.request("GET", path, account_id=account_id, roles=("finance",))
    assert (answer.status, answer.body) == (200, {"items": [], "next_cursor": None})
