"""Games that are sold before they are out: they come out, are put off again, or never come."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from samovar.kit.idempotency import Once
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.payment.refunds.schemas import StaffLine, StaffRefundWish
from tests.services.payment.simulation.playing.asking import Asking, caller
from tests.services.payment.simulation.playing.buying import APPS, Buying

_WAITING = """
    SELECT l.id, l.order_id AS account_id FROM order_lines l JOIN orders o ON o.id = l.order_id
    WHERE o.account_id = ANY($1) AND o.paid_at IS NOT NULL AND l.package_id = ANY($2) AND l.delivered_at IS NULL
        AND l.refunded_at IS NULL
        AND NOT EXISTS (SELECT FROM refund_lines f WHERE f.line_id = l.id AND f.is_live AND f.ends_licence)
    ORDER BY l.id
"""


class Releasing:
    """Developers who say when a game comes out.

    Attributes:
        out_since: When each app came out first.
    """

    def __init__(self, asking: Asking, buying: Buying, players: Sequence[UUID]) -> None:
        self._asking = asking
        self._world = asking.world
        self._chance = asking.chance
        self._buying = buying
        self._players = players
        self._clerk = uuid5(players[0], "clerk")
        self._versions = 0
        self._never: set[UUID] = set()
        self.out_since: dict[UUID, datetime] = {}

    def things(self) -> dict[Callable[[], Awaitable[None]], int]:
        """Return what may happen, and how often."""
        return {self.release: 4, self.put_off: 2, self.call_off: 1}

    async def release(self) -> None:
        """Let a game come out."""
        coming = self._to_come()
        if coming:
            self._release(self._chance.choice(coming))

    async def put_off(self) -> None:
        """Let a game that came out be to come again: whoever has it keeps it, the others wait."""
        out = sorted(app for app in self.out_since if app not in self._world.coming)
        if out:
            app = self._chance.choice(out)
            self._world.coming.add(app)
            self._tell(app, "coming_soon")

    async def call_off(self) -> None:
        """Let a game never come, and somebody begin to give the money back."""
        coming = self._to_come()
        if coming:
            app = self._chance.choice(coming)
            self._never.add(app)
            self._buying.called_off |= {
                package
                for package, apps in zip(self._buying.packages, APPS, strict=True)
                if app in {self._buying.apps[number] for number in apps}
            }
            self._world.scheduler.tell(f"{app} will never come out")
        await self._give_back()

    async def clear(self) -> None:
        """Let come out what still may, and give back what was paid for what never will."""
        for app in self._to_come():
            self._release(app)
        await self._give_back()

    def _to_come(self) -> list[UUID]:
        """Return the apps that may still come out."""
        return sorted(self._world.coming - self._never)

    def _release(self, app: UUID) -> None:
        self._world.coming.discard(app)
        self.out_since.setdefault(app, self._world.scheduler.at)
        self._tell(app, "released")

    def _tell(self, app: UUID, stage: str) -> None:
        self._versions += 1
        self._world.scheduler.tell(f"{app} is {stage}")
        self._world.publish(
            AppChanged(
                app_id=app,
                slug=str(app),
                title="A game",
                kind="game",
                state="published",
                stage=stage,
                age_rating=12,
                version=self._versions,
                changed_at=self._world.scheduler.at,
            )
        )

    async def _give_back(self) -> None:
        refunds = self._world.use("staff_refunds")
        for line in await self._asking.all(_WAITING, self._players, sorted(self._buying.called_off)):
            wish = StaffRefundWish(
                lines=[StaffLine(line_id=line.id)],
                reason="not_as_described",
                note="it will never come out",
                destination="instrument",
            )

            async def act(
                once: Once, order_id: UUID = line.account_id, told: StaffRefundWish = wish
            ) -> object:
                return await refunds.grant(caller(self._clerk, "support"), order_id, told, once)

            await self._asking.ask("give a pre-order back", self._clerk, act)
