"""Support and finance, as far as they decide for players: refunds that a provider refuses, settled by hand."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid5

from samovar.kit.idempotency import Once
from samovar.services.payment.refunds.schemas import Decision
from tests.services.payment.simulation.playing.asking import Asking, caller

_HELD = """
    SELECT r.id, r.account_id FROM refunds r WHERE r.account_id = ANY($1) AND r.status = 'paying'
        AND EXISTS (SELECT FROM refund_parts p WHERE p.refund_id = r.id AND p.status = 'held')
    ORDER BY r.id
"""


class Staff:
    """Some of support and of finance.

    Args:
        players: Whom they serve.
    """

    def __init__(self, asking: Asking, players: Sequence[UUID]) -> None:
        self._asking = asking
        self._world = asking.world
        self._chance = asking.chance
        self._players = players
        self._people = [uuid5(players[0], f"staff {number}") for number in range(3)]

    def things(self) -> dict[Callable[[], Awaitable[None]], int]:
        """Return what may happen, and how often."""
        return {self.settle_held: 4}

    async def settle_held(self) -> None:
        """Let somebody see to a refund that a provider has refused."""
        refund = await self._asking.one(_HELD, self._players)
        if refund:
            await self._settle(refund.id, self._chance.choice(["retry", "to_wallet"]))

    async def clear(self) -> None:
        """Let all be decided that waits for a person."""
        for refund in await self._asking.all(_HELD, self._players):
            await self._settle(refund.id, self._chance.choice(["retry", "to_wallet"]))

    async def _settle(self, refund_id: UUID, how: str) -> None:
        decide = getattr(self._world.use("staff_refunds"), how)
        person = self._chance.choice(self._people)

        async def act(once: Once) -> object:
            return await decide(
                caller(person, "support"), refund_id, Decision(note="it was asked about"), once
            )

        await self._asking.ask(f"{how} held", person, act)
