"""What becomes of a claim as the register answers, is away, or is too late."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.identity import Caller, RoleGrant
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.developer.app import service
from samovar.services.developer.organisations.legal.domain import WAITS_MIN, Entry
from samovar.services.developer.organisations.legal.registers.port import RegisterAway
from samovar.services.developer.organisations.legal.schemas import LegalClaim, LegalDetails
from samovar.services.developer.organisations.legal.use_cases import ASKED_AT_ONCE, LegalClaims
from samovar.services.developer.rights import Rights
from samovar.testing.clock import FakeClock

COMPANY = LegalDetails(legal_form="company", inn="7707083893", legal_name="Как мы себя зовём")


class Book:
    """A register that says what a test writes into it."""

    def __init__(self) -> None:
        self.entry: Entry | None = Entry(is_active=True, name="ООО «САМОВАР»", ogrn="1027700132195")
        self.is_away = False
        self.asked: list[tuple[str, date]] = []

    async def find(self, inn: str, on: date) -> Entry | None:
        """Return the one entry."""
        self.asked.append((inn, on))
        if self.is_away:
            raise RegisterAway("nobody")
        return self.entry


class Chamber:
    """Claims with a register and a clock."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock, self.book = FakeClock(datetime(2026, 11, 27, 22, 30, tzinfo=UTC)), Book()
        self.claims = LegalClaims(
            database, registers={"company": self.book}, rights=Rights(), clock=self.clock, new_id=new_id
        )

    async def organisation(self) -> UUID:
        """Keep an organisation."""
        made = uuid4()
        async with self.database.transaction() as tx:
            await tx.execute(
                "INSERT INTO organisations (id, name, founder_id, created_at, changed_at) VALUES ($1, 'Самовар', $1, now(), now())",
                made,
            )
        return made

    def owner(self, organisation_id: UUID) -> Caller:
        """Return somebody who owns it."""
        now = datetime.now(UTC)
        return Caller(
            account_id=uuid4(),
            session_id=uuid4(),
            roles=("player", "developer"),
            grants=(RoleGrant("owner", organisation_id),),
            auth_time=now,
            expires_at=now + timedelta(minutes=5),
            token=Secret("none"),
        )

    async def claim(self, organisation_id: UUID, details: LegalDetails = COMPANY) -> None:
        """Say what the organisation is."""
        await self.claims.claim(self.owner(organisation_id), organisation_id, details)

    async def latest(self, organisation_id: UUID) -> LegalClaim:
        """Return what was said last."""
        found = (await self.claims.show(self.owner(organisation_id), organisation_id)).latest
        assert found
        return found


@pytest.fixture
async def chamber(postgres: PostgresServer) -> AsyncIterator[Chamber]:
    url = await postgres.create(f"developer_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="developer", pool_size_min=0, pool_size_max=4)
    yield Chamber(opened)
    await opened.close()


async def test_the_register_confirms_and_its_words_are_taken(chamber: Chamber) -> None:
    one = await chamber.organisation()
    await chamber.claim(one)
    await chamber.claims.ask_registers()
    latest = await chamber.latest(one)
    assert (latest.state, latest.legal_name, latest.ogrn) == ("confirmed", "ООО «САМОВАР»", "1027700132195")
    # In Moscow it is the next day already, and the tax is paid by the day of Moscow.
    assert chamber.book.asked == [("7707083893", date(2026, 11, 28))]
    await chamber.claims.ask_registers()
    assert len(chamber.book.asked) == 1


async def test_what_the_register_does_not_know_is_refused_and_may_be_said_again(chamber: Chamber) -> None:
    one = await chamber.organisation()
    chamber.book.entry = None
    await chamber.claim(one)
    await chamber.claims.ask_registers()
    latest = await chamber.latest(one)
    assert (latest.state, latest.finding) == ("refused", "not_in_register")
    chamber.book.entry = Entry(is_active=True)
    await chamber.claim(one)
    await chamber.claims.ask_registers()
    latest = await chamber.latest(one)
    assert (latest.state, latest.legal_name) == ("confirmed", "Как мы себя зовём")


async def test_a_register_that_is_away_is_asked_ever_later_and_then_a_person_decides(
    chamber: Chamber,
) -> None:
    one = await chamber.organisation()
    chamber.book.is_away = True
    await chamber.claim(one)
    for number, wait in enumerate(WAITS_MIN, start=1):
        await chamber.claims.ask_registers()
        await chamber.claims.ask_registers()
        assert len(chamber.book.asked) == number
        chamber.clock.advance(wait * 60)
    assert (await chamber.latest(one)).finding == "register_away"
    chamber.clock.advance(30 * 86_400)
    await chamber.claims.ask_registers()
    assert len(chamber.book.asked) == len(WAITS_MIN)
    confirmed = await chamber.claims.confirm(chamber.owner(one), one, "по выписке")
    assert confirmed.confirmed


async def test_a_claim_that_was_replaced_while_the_register_was_asked_is_not_touched(
    chamber: Chamber,
) -> None:
    one = await chamber.organisation()
    await chamber.claim(one)
    book = chamber.book

    class Slow(Book):
        async def find(self, inn: str, on: date) -> Entry | None:
            found = await book.find(inn, on)
            await chamber.claim(one, LegalDetails(legal_form="company", inn="7736050003"))
            return found

    racing = LegalClaims(
        chamber.database, registers={"company": Slow()}, rights=Rights(), clock=chamber.clock, new_id=new_id
    )
    await racing.ask_registers()
    latest = await chamber.latest(one)
    assert (latest.inn, latest.state) == ("7736050003", "checking")
    await chamber.claims.ask_registers()
    assert (await chamber.latest(one)).state == "confirmed"


async def test_the_register_confirms_one_organisation_of_two_with_one_number(chamber: Chamber) -> None:
    first, second = await chamber.organisation(), await chamber.organisation()
    await chamber.claim(first)
    await chamber.claim(second)
    await chamber.claims.ask_registers()
    found = [await chamber.latest(one) for one in (first, second)]
    assert sorted(one.state for one in found) == ["confirmed", "refused"]
    assert {one.finding for one in found} == {None, "inn_taken"}


async def test_a_process_that_dies_while_it_asks_leaves_the_claim_to_another(chamber: Chamber) -> None:
    one = await chamber.organisation()
    await chamber.claim(one)

    class Dying(Book):
        async def find(self, inn: str, on: date) -> Entry | None:
            raise ZeroDivisionError((inn, on))

    dying = LegalClaims(
        chamber.database, registers={"company": Dying()}, rights=Rights(), clock=chamber.clock, new_id=new_id
    )
    with pytest.raises(ZeroDivisionError):
        await dying.ask_registers()
    await chamber.claims.ask_registers()
    assert (await chamber.latest(one)).state == "checking"
    chamber.clock.advance(180)
    await chamber.claims.ask_registers()
    assert (await chamber.latest(one)).state == "confirmed"


async def test_a_register_is_not_asked_more_often_than_it_likes(chamber: Chamber) -> None:
    for number in range(ASKED_AT_ONCE + 2):
        one = await chamber.organisation()
        await chamber.claim(one)
        assert number >= 0
    await chamber.claims.ask_registers()
    assert len(chamber.book.asked) == ASKED_AT_ONCE
