"""All that pays organisations out, on a database of its own, at a time that a test sets."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller, RoleGrant
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret
from samovar.services.payment.asking.errors import HoldsAway
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.payouts.adapters import Npd
from samovar.services.payment.payouts.app import PERMISSIONS
from samovar.services.payment.payouts.banks.port import Bank
from samovar.services.payment.payouts.banks.tapi import TApiBank
from samovar.services.payment.payouts.banks.web import Web
from samovar.services.payment.payouts.payees.schemas import Payee, PayeeDetails
from samovar.services.payment.payouts.payees.use_cases import Payees
from samovar.services.payment.payouts.returns.use_cases import PayoutReturns
from samovar.services.payment.payouts.rights import Rights
from samovar.services.payment.payouts.schemas import Proposal, Proposed, StaffPayoutView
from samovar.services.payment.payouts.sending import Sender
from samovar.services.payment.payouts.use_cases import OwnPayouts, Payouts, Sending
from tests.services.payment.payouts.outside import Outside
from tests.services.payment.payouts.people import COMPANY
from tests.services.payment.revenue.selling import StillClock, delivered, splitter_of

# The tenth of December: November is over, and what was sold in it before the 26th may no longer be given back.
NOW = datetime(2026, 12, 10, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 10, 12, tzinfo=UTC)
YEAR_LIMIT = 240_000_000
MINIMUM = 1_000_00
RIGHTS = Rights(PERMISSIONS)


class KnownHolds(AccountHolds):
    """Auth, as far as a test tells what it knows; None: it is away."""

    def __init__(self) -> None:
        self.held: set[UUID] | None = set()

    async def of(self, account_ids: Collection[UUID]) -> dict[UUID, datetime]:
        if self.held is None:
            raise HoldsAway("auth is away")
        return dict.fromkeys(self.held.intersection(account_ids), NOW + timedelta(days=1))


def finance() -> Caller:
    return caller("finance")


def caller(*roles: str, grants: tuple[RoleGrant, ...] = ()) -> Caller:
    return Caller(
        account_id=uuid4(),
        session_id=uuid4(),
        roles=roles,
        grants=grants,
        auth_time=NOW,
        expires_at=NOW + timedelta(hours=1),
        token=Secret("none"),
    )


class Desk:
    """What finance and the jobs work with."""

    def __init__(self, database: Database, outside: Outside) -> None:
        self.database = database
        self.outside = outside
        self.clock = StillClock(NOW)
        self.holds = KnownHolds()
        self.web = Web()
        self.payees = Payees(database, rights=RIGHTS, wait=timedelta(days=3), clock=self.clock)
        self.payouts = Payouts(
            database, minimum=MINIMUM, npd_year_limit=YEAR_LIMIT, clock=self.clock, new_id=new_id
        )
        self.returns = PayoutReturns(database, clock=self.clock)
        self.own = OwnPayouts(database, rights=RIGHTS, clock=self.clock)
        bank = TApiBank(self.web, url=outside.url, token=Secret("a token"), account="40702810900000000001")
        self.sender = self._sender(bank)
        self.sending = Sending(database, sender=self.sender, clock=self.clock)

    def without_bank(self) -> Sending:
        return self.with_bank(None)

    def with_bank(self, bank: Bank | None) -> Sending:
        return Sending(self.database, sender=self._sender(bank), clock=self.clock)

    async def once(self) -> Once:
        begun = await Idempotency(self.database, new_id).begin(
            scope="test", route="POST /", key=str(uuid4()), request=b"", status=200
        )
        assert isinstance(begun, Once)
        return begun

    async def payee(self, studio: UUID, details: dict[str, Any] | None = None, **more: Any) -> Payee:
        """Write a payee whose bank details are old enough."""
        kept = self.clock.time
        self.clock.time = NOVEMBER - timedelta(days=30)
        wanted = msgspec.convert((details or COMPANY) | more, PayeeDetails)
        payee = await self.payees.change(finance(), studio, wanted, if_match=None)
        self.clock.time = kept
        return payee

    async def earn(
        self, studio: UUID, *prices: int, at: datetime = NOVEMBER, reserve_percent: int = 0
    ) -> None:
        """Sell, deliver and split."""
        await delivered(self.database, *prices, organisations=(studio,), now=at)
        splitter = splitter_of(self.database, StillClock(at), reserve_percent=reserve_percent)
        while await splitter.split_batch():
            pass

    async def propose(self, *, by: Caller | None = None, period: str = "2026-11") -> Proposed:
        return await self.payouts.propose(by or finance(), Proposal(period=period), await self.once())

    async def approved(self, *, period: str = "2026-11") -> StaffPayoutView:
        """Propose and approve the only payout there is."""
        [payout] = (await self.propose(period=period)).payouts
        return await self.payouts.approve(finance(), payout.id, await self.once())

    async def executed(self) -> StaffPayoutView:
        """Propose, approve and send the only payout there is."""
        payout = await self.approved()
        await self.sending.send_due()
        self.outside.settle("EXECUTED")
        await self.go_on()
        return await self.payouts.show(payout.id)

    async def go_on(self) -> None:
        """Let half an hour pass, and take every payout a step further."""
        self.clock.time += timedelta(minutes=31)
        await self.sending.send_due()

    def _sender(self, bank: Bank | None) -> Sender:
        return Sender(
            self.database,
            bank=bank,
            npd=Npd(self.web, url=self.outside.url),
            holds=self.holds,
            npd_year_limit=YEAR_LIMIT,
            clock=self.clock,
        )
