"""Organisations and finance: who earns, and how a month is paid out by two persons, a bank and a tax service."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid5

import msgspec

from samovar.kit.idempotency import Once
from samovar.kit.text.taxpayers import is_inn
from samovar.services.payment.payouts.payees.schemas import PayeeDetails
from samovar.services.payment.payouts.schemas import Proposal
from tests.services.payment.payouts.people import COMPANY, SELF_EMPLOYED
from tests.services.payment.simulation.playing.asking import Asking, caller

PERIOD = "2026-11"
DECLINED = 0.1


class PayingOut:
    """A company and a self-employed person, and three of finance who pay them out.

    Args:
        organisations: Who is paid; of every second one the tax service is asked.
    """

    def __init__(self, asking: Asking, organisations: Sequence[UUID]) -> None:
        self._asking = asking
        self._world = asking.world
        self._chance = asking.chance
        self._organisations = organisations
        self._people = [uuid5(organisations[0], f"finance {number}") for number in range(3)]

    def things(self) -> dict[Callable[[], Awaitable[None]], int]:
        """Return what may happen once the month is over, and how often."""
        return {self.propose: 9, self.decide: 14, self.give_receipt: 3}

    async def begin(self) -> None:
        """Write down who is paid: each seed has people of its own."""
        seed = self._world.scheduler.seed
        for place, organisation in enumerate(self._organisations):
            is_company = place % 2 == 0
            details: dict[str, Any] = COMPANY if is_company else SELF_EMPLOYED
            inn = _inn(f"{seed:07d}{place:02d}" if is_company else f"{seed:08d}{place:02d}")
            await self._world.use("payees").change(
                caller(self._people[0], "finance"),
                organisation,
                msgspec.convert(details | {"inn": inn}, PayeeDetails),
                if_match=None,
            )

    async def propose(self) -> None:
        """Let somebody propose what is due for the month."""
        person = self._chance.choice(self._people)
        wanted = Proposal(period=PERIOD, organisation_ids=tuple(self._organisations))
        payouts = self._world.use("payouts")

        async def act(once: Once) -> object:
            return await payouts.propose(caller(person, "finance"), wanted, once)

        await self._asking.ask("propose payouts", person, act)

    async def decide(self) -> None:
        """Let somebody approve what is proposed, be it their own proposal; now and then decline it."""
        payout = await self._asking.one(
            "SELECT id, organisation_id AS account_id FROM payouts WHERE organisation_id = ANY($1) AND status IN ('proposed', 'approved') "
            "ORDER BY id",
            self._organisations,
        )
        if payout:
            person = self._chance.choice(self._people)
            payouts = self._world.use("payouts")
            is_declined = self._chance.random() < DECLINED

            async def act(once: Once) -> object:
                who = caller(person, "finance")
                if is_declined:
                    return await payouts.decline(who, payout.id, "it is not clear", once)
                return await payouts.approve(who, payout.id, once)

            await self._asking.ask("decline payout" if is_declined else "approve payout", person, act)

    async def clear(self) -> None:
        """Let a fourth person approve what nobody has decided."""
        waiting = await self._asking.all(
            "SELECT id, organisation_id AS account_id FROM payouts WHERE organisation_id = ANY($1) AND status = 'proposed' ORDER BY id",
            self._organisations,
        )
        payouts = self._world.use("payouts")
        person = uuid5(self._organisations[0], "chief of finance")
        for payout in waiting:

            async def act(once: Once, payout_id: UUID = payout.id) -> object:
                return await payouts.approve(caller(person, "finance"), payout_id, once)

            await self._asking.ask("approve the rest", person, act)

    async def give_receipt(self) -> None:
        """Let a self-employed person bring the receipt of what they got."""
        payout = await self._asking.one(
            "SELECT id, organisation_id AS account_id FROM payouts WHERE organisation_id = ANY($1) AND status = 'executed' "
            "AND is_professional ORDER BY id",
            self._organisations,
        )
        if payout:
            own = self._world.use("own_payouts")
            person = self._people[0]

            async def act(once: Once) -> object:
                return await own.give_receipt(
                    caller(person, "finance"), payout.id, f"https://lknpd.nalog.ru/{payout.id}", once
                )

            await self._asking.ask("give receipt", person, act)


def _inn(number: str) -> str:
    """Return an INN that begins so, with the right digits at its end."""
    ends = (f"{digit}" for digit in range(10)) if len(number) == 9 else (f"{end:02d}" for end in range(100))
    return next(f"{number}{end}" for end in ends if is_inn(f"{number}{end}"))
