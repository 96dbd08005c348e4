"""Whatever is asked of the ledger in whatever order, it does what a plain model does, and its books stay right."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment import invariants
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.ledger.errors import AlreadyResolved, InsufficientFunds, TransferConflict
from samovar.services.payment.ledger.expiry import expire_overdue
from tests.services.payment.ledger.model import Books, Outcome, Sums

START = datetime(2026, 11, 27, 12, tzinfo=UTC)
KINDS = (Kind.CLEARING, Kind.WALLET, Kind.WALLET, Kind.PREPAID, Kind.PAYABLE, Kind.COMMISSION)
CAUSES = 6
AMOUNTS = st.integers(1, 1_000)
T = TypeVar("T")

LEG = st.tuples(st.permutations(range(len(KINDS))), AMOUNTS, st.booleans(), st.sampled_from([None, 60, 600]))


class Ledger(RuleBasedStateMachine):
    """The ledger in a database, and the model beside it; each run has accounts and causes of its own."""

    # Of all runs: they share a database, whose time never goes back.
    now = START
    database: Database
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.run_id = uuid4()
        self.accounts = [Account(kind, f"{place}-{self.run_id}") for place, kind in enumerate(KINDS)]
        self.books = Books()

    def wait(self, asked: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result()

    def cause(self, number: int) -> UUID:
        return uuid5(self.run_id, str(number))

    @rule(cause=st.integers(0, CAUSES), legs=st.lists(LEG, min_size=1, max_size=3))
    def post(self, cause: int, legs: list[tuple[list[int], int, bool, int | None]]) -> None:
        made = [
            Transfer(
                id=leg_id(self.cause(cause), str(number)),
                debit=self.accounts[order[0]],
                credit=self.accounts[order[1]],
                amount=Money(amount, "RUB"),
                code="purchase",
                cause_id=self.cause(cause),
                is_pending=is_pending,
                expires_at=self.now + timedelta(seconds=seconds) if is_pending and seconds else None,
            )
            for number, (order, amount, is_pending, seconds) in enumerate(legs)
        ]
        assert self.wait(self._post(made)) == self.books.post(made)

    @rule(cause=st.integers(0, CAUSES))
    def post_again(self, cause: int) -> None:
        made = [known for known in self.books.transfers.values() if known.cause_id == self.cause(cause)]
        if made:
            assert self.wait(self._post(made)) == self.books.post(made) == "again"

    @rule(amount=AMOUNTS, place=st.sampled_from([1, 2, 4]))
    def fill(self, amount: int, place: int) -> None:
        cause = uuid4()
        made = Transfer(
            id=leg_id(cause, "top_up"),
            debit=self.accounts[0],
            credit=self.accounts[place],
            amount=Money(amount, "RUB"),
            code="top_up",
            cause_id=cause,
        )
        assert self.wait(self._post([made])) == self.books.post([made]) == "new"

    @rule(
        cause=st.integers(0, CAUSES),
        leg=st.integers(0, 2),
        kind=st.sampled_from(["post", "void", "expire"]),
        amount=st.one_of(st.none(), st.integers(0, 1_000)),
    )
    def resolve(self, cause: int, leg: int, kind: str, amount: int | None) -> None:
        pending_id = leg_id(self.cause(cause), str(leg))
        wanted = amount if kind == "post" else None
        expected = self.books.resolve(pending_id, kind, wanted, self.now)
        assert self.wait(self._resolve(pending_id, kind, wanted)) == expected

    @rule(seconds=st.integers(1, 400))
    def wait_and_expire(self, seconds: int) -> None:
        Ledger.now += timedelta(seconds=seconds)
        self.wait(expire_overdue(self.database, now=self.now))
        for transfer in list(self.books.transfers.values()):
            if transfer.expires_at and transfer.expires_at <= self.now:
                self.books.resolve(transfer.id, "expire", None, self.now)

    @rule()
    def roll_up(self) -> None:
        self.wait(blocks.extend(self.database, now=self.now))

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        found = self.wait(posting.balances(self.database, self.accounts))
        assert found == {account: self.books.sums.get(account, Sums()).balance() for account in self.accounts}

    def teardown(self) -> None:
        assert self.wait(invariants.faults(self.database)) == []
        assert self.wait(blocks.verify(self.database)).fault is None

    async def _post(self, made: list[Transfer]) -> Outcome:
        try:
            async with self.database.transaction() as tx:
                return "new" if await posting.post(tx, made, now=self.now) else "again"
        except InsufficientFunds:
            return "insufficient"
        except TransferConflict:
            return "conflict"

    async def _resolve(self, pending_id: UUID, kind: str, amount: int | None) -> Outcome:
        try:
            async with self.database.transaction() as tx:
                if kind == "post":
                    is_new = await posting.post_pending(tx, pending_id, now=self.now, amount=amount)
                else:
                    end = posting.void if kind == "void" else posting.expire
                    is_new = await end(tx, pending_id, now=self.now)
                return "new" if is_new else "again"
        except AlreadyResolved:
            return "resolved"
        except ValueError:
            return "wrong"


async def test_the_ledger_does_what_its_model_does(own_database: Database) -> None:
    Ledger.database, Ledger.loop = own_database, asyncio.get_running_loop()
    limits = settings(
        max_examples=30,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
    )
    await asyncio.to_thread(run_state_machine_as_test, Ledger, settings=limits)
    assert await invariants.faults(own_database) == []
