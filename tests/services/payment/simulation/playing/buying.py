"""The shop: what is on its shelf, the promo codes that are about, and players who buy, for themselves or for others."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from samovar.kit.idempotency import Once
from samovar.services.payment.orders.checkout.schemas import NewOrder
from samovar.services.payment.promo import domain as promo
from samovar.services.payment.promo import repository as codes
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.quotes import repository as quotes
from samovar.services.payment.quotes.domain import Quote, QuoteLine
from tests.services.payment.promo import making as code_making
from tests.services.payment.quotes import making
from tests.services.payment.simulation.playing.asking import Asking, caller
from tests.services.payment.simulation.scheduler import START

GIFTS, WITH_CODES, USED_UP = 0.3, 0.4, 0.3
CODES = 4
WAS_OPEN = frozenset({"promo_exhausted", "promo_used", "promo_over"})
# The last two are to come out: the deluxe edition opens what the other one does, and more.
PRICES = (0, 1_999, 49_900, 33_333, 24_900, 39_999)
APPS = ((0,), (1,), (2,), (3,), (4,), (4, 5))
COMING = (4, 5)
REMEMBERED = 4


class Buying:
    """Who buys what.

    Attributes:
        packages: What there is.
        apps: What there is in it.
        coming: The apps that were not out when it began.
        called_off: Packages that will never come out, and are not sold any more.
    """

    def __init__(self, asking: Asking, players: Sequence[UUID], organisations: Sequence[UUID]) -> None:
        self._asking = asking
        self._world = asking.world
        self._chance = asking.chance
        self._players = players
        self._organisations = organisations
        self._shop = uuid5(players[0], "shop")
        self.packages = [uuid5(self._shop, f"package {number}") for number in range(len(PRICES))]
        self.apps = [uuid5(self._shop, f"app {number}") for number in range(len(PRICES))]
        self.coming = frozenset(self.apps[number] for number in COMING)
        self.called_off: set[UUID] = set()
        self._quoted: list[Quote] = []

    def things(self) -> dict[Callable[[], Awaitable[None]], int]:
        """Return what may happen, and how often."""
        return {self.buy: 22, self.order_again: 2, self.end_code: 1}

    async def begin(self) -> None:
        """Let some games be to come, and make codes: of percent and of an amount, for all and for some, few and many."""
        self._world.coming |= self.coming
        wanted: tuple[dict[str, Any], ...] = (
            {"percent": 15, "limit_total": 2},
            {"amount": 20_000, "limit_per_account": 2, "minimum": 30_000},
            {"amount": 900_000, "scope": "packages", "package_ids": (self.packages[1], self.packages[4])},
            {
                "percent": 100,
                "limit_total": 1,
                "scope": "organisation",
                "organisation_id": self._organisations[0],
            },
        )
        async with self._world.database.transaction() as tx:
            for number, fields in enumerate(wanted):
                code_id = uuid5(self._shop, f"code {number}")
                text = f"S{self._world.scheduler.seed:07d}N{number}"
                code = code_making.code(
                    text,
                    id=code_id,
                    actor_id=self._shop,
                    starts_at=START - timedelta(days=1),
                    created_at=START - timedelta(days=1),
                    **fields,
                )
                await codes.insert_code(tx, code)

    async def buy(self) -> None:
        """Let somebody buy one to three games, for themselves or as a gift, now and then with a promo code."""
        player = self._chance.choice(self._players)
        recipient = self._chance.choice(self._players) if self._chance.random() < GIFTS else player
        for_sale = [number for number, package in enumerate(self.packages) if package not in self.called_off]
        chosen = self._chance.sample(for_sale, self._chance.choice([1, 1, 1, 2, 3]))
        lines = tuple(self._line(number, recipient, is_gift=recipient != player) for number in chosen)
        code = await self._code_for(player, lines) if self._chance.random() < WITH_CODES else None
        at = self._world.scheduler.at
        quote = making.quote(
            player,
            *(promo.applied(code, lines, "RUB") if code else lines),
            id=self._world.new_id(),
            promo_code_id=code.id if code else None,
            promo_code=code.code if code else None,
            priced_at=at,
            created_at=at,
            expires_at=at + timedelta(minutes=15),
            gift_days=1,
        )
        async with self._world.database.transaction() as tx:
            await quotes.insert_quote(tx, quote)
        self._quoted.append(quote)
        await self._order("buy", quote)

    async def order_again(self) -> None:
        """Let somebody order what they were quoted some time ago, and may have ordered."""
        if self._quoted:
            await self._order("buy what was quoted", self._chance.choice(self._quoted[-REMEMBERED:]))

    async def end_code(self) -> None:
        """Let a code be ended, also for those who have a quote with it."""
        code = await self._asking.one(
            "SELECT id, actor_id AS account_id FROM promo_codes WHERE actor_id = $1 AND ended_at IS NULL ORDER BY id",
            self._shop,
        )
        if code:
            await self._asking.spawn("end code", lambda: self._world.use("promo_codes").end(code.id))

    async def _order(self, name: str, quote: Quote) -> None:
        method = self._chance.choice(["wallet", "card", "card", "sbp", "sbp"]) if quote.total else "free"
        wish = NewOrder(
            quote_id=quote.id,
            method=method,  # type: ignore[arg-type]
            use_wallet=self._chance.random() < 0.3,
            use_bonus=self._chance.random() < 0.4,
        )
        checkout = self._world.use("checkout")

        async def act(once: Once) -> object:
            return await checkout.place(caller(quote.account_id), wish, once)

        await self._asking.ask(name, quote.account_id, act)

    async def _code_for(self, player: UUID, lines: Sequence[QuoteLine]) -> PromoCode | None:
        """Return a code that takes something off; now and then one that has been used up since it was quoted."""
        database = self._world.database
        for number in self._chance.sample(range(CODES), CODES):
            code = await codes.find_code(database, uuid5(self._shop, f"code {number}"))
            if code is None:
                continue
            reason = promo.obstacle(
                code,
                lines,
                country="RU",
                currency="RUB",
                uses=await codes.count_uses(database, code.id, player),
                now=self._world.scheduler.at,
            )
            was_open = reason in WAS_OPEN and any(code.counts_for(line) for line in lines)
            if reason is None or (was_open and self._chance.random() < USED_UP):
                return code
        return None

    def _line(self, number: int, recipient: UUID, *, is_gift: bool) -> QuoteLine:
        apps = tuple(self.apps[app] for app in APPS[number])
        return making.line(
            recipient,
            PRICES[number],
            package_id=self.packages[number],
            app_ids=apps,
            organisation_id=self._organisations[number % len(self._organisations)],
            is_gift=is_gift,
            is_preorder=not self._world.coming.isdisjoint(apps),
        )
