"""What players, providers and the clock do, as a seed has it: a few minutes of a shop in which everything that can go wrong does."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid5

import msgspec

from samovar.kit.idempotency import Once
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payments.topping_up.schemas import NewTopUp
from samovar.services.payment.refunds.schemas import RefundWish
from tests.services.payment.simulation.outside.provider import Notice
from tests.services.payment.simulation.playing.asking import DUPLICATES, Asking, caller
from tests.services.payment.simulation.playing.buying import Buying
from tests.services.payment.simulation.playing.paying_out import PayingOut
from tests.services.payment.simulation.playing.releasing import Releasing
from tests.services.payment.simulation.playing.staff import Staff
from tests.services.payment.simulation.scheduler import START
from tests.services.payment.simulation.working import jobs
from tests.services.payment.simulation.world import World

# In each of two months.
ACTIONS_MAX = 36
MONTH, HOUR = timedelta(days=20), timedelta(hours=1)
GOOD_HOURS = range(3)
PLAYERS, ORGANISATIONS = 3, 2
STEPS = 0.6
ROUGH_ROUNDS, TOGETHER_MAX = 2, 6
TAKEN_GIFTS = 0.7
AGAIN, FORGERIES = 0.15, 0.03
WORLD = UUID("6b2f4c7e-1f0d-5b6a-9c3e-0a9d8c7b6a50")
ADDRESS = "10.1.2.3"
LOST_CLAIMS = 0.05


class Story:
    """What happens in one seed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance: Random = world.scheduler.chance
        name = uuid5(WORLD, str(world.scheduler.seed))
        self.players = [uuid5(name, f"player {number}") for number in range(PLAYERS)]
        self.organisations = [uuid5(name, f"organisation {number}") for number in range(ORGANISATIONS)]
        self.asking = Asking(world)
        self.buying = Buying(self.asking, self.players, self.organisations)
        self.releasing = Releasing(self.asking, self.buying, self.players)
        self.staff = Staff(self.asking, self.players)
        self.paying_out = PayingOut(self.asking, self.organisations)
        self._is_later = False

    async def go(self) -> None:
        """Let everything happen until the story is over: some of it in one month, the rest in the next."""
        await self.give_money()
        await self.paying_out.begin()
        await self.buying.begin()
        await self.live()
        await self.have_a_good_day()
        self.world.turn(MONTH - len(GOOD_HOURS) * HOUR)
        self._is_later = True
        await self.live()

    async def have_a_good_day(self) -> None:
        """Let the platform work without a fault for some hours: nobody is away for as long as providers remember keys."""
        self.world.scheduler.is_calm = True
        for _ in GOOD_HOURS:
            self.world.turn(HOUR)
            await self.press_on()
        self.world.scheduler.is_calm = False

    async def live(self) -> None:
        """Let people begin so many things, and all be done of it that is due."""
        left = ACTIONS_MAX
        while left:
            await self.world.listen()
            goes_on = self.world.scheduler.busy > 1 or self.chance.random() < STEPS
            if goes_on and await self.world.scheduler.step():
                continue
            left -= 1
            await self.happen()
        for _ in range(ROUGH_ROUNDS):
            await self.press_on()

    async def press_on(self) -> None:
        """Let all that is due be done, several pieces at a time, with every fault that there is."""
        await self._drain()
        for _ in range(len(self.world.waiting)):
            await self.deliver()
            await self._crowd()
        await self._drain()
        for name, job in dict(jobs(self.world)).items():
            await self.asking.spawn(name, job)
            await self._crowd()
        await self._drain()
        while self.world.claimed:
            await self.go_on()
            await self._crowd()
        await self._drain()
        await self.wait()

    async def clear_desks(self) -> None:
        """Let the staff decide what still waits for them."""
        await self.paying_out.clear()
        await self.releasing.clear()
        await self.staff.clear()

    async def _crowd(self) -> None:
        """Let so many be under way at a time, and no more."""
        while self.world.scheduler.busy > TOGETHER_MAX and await self.world.scheduler.step():
            pass

    async def _drain(self) -> None:
        while await self.world.scheduler.step():
            pass
        await self.world.listen()

    async def happen(self) -> None:
        """Begin something."""
        things: dict[Callable[[], Awaitable[None]], int] = {
            self.top_up: 5,
            self.pay: 22,
            self.deliver: 26,
            self.notify: 10,
            self.refund: 12,
            self.cancel: 3,
            self.answer_gift: 6,
            self.asking.repeat: 4,
            self.work: 22,
            self.go_on: 22,
            self.wait: 8,
            **self.staff.things(),
            **self.buying.things(),
            **self.releasing.things(),
        }
        if self._is_later:
            things |= self.paying_out.things()
        (thing,) = self.chance.choices(list(things), weights=list(things.values()))
        await thing()

    async def give_money(self) -> None:
        """Give everybody something, so that wallets buy and orders are mixed."""
        gifts = [
            Transfer(
                id=leg_id(player, kind),
                debit=Account(Kind.GOODWILL),
                credit=Account(kind, str(player)),
                amount=Money(amount, "RUB"),
                code="compensation",
                cause_id=player,
            )
            for player in self.players
            for kind, amount in ((Kind.WALLET, 60_000), (Kind.BONUS, 15_000))
        ]
        async with self.world.database.transaction() as tx:
            await posting.post(tx, gifts, now=START)

    async def top_up(self) -> None:
        """Let somebody pay into their wallet."""
        player = self.chance.choice(self.players)
        amount = Money(self.chance.choice([50_000, 99_999, 150_000]), "RUB")
        wish = NewTopUp(amount=amount, method=self.chance.choice(["card", "sbp"]))
        top_ups = self.world.top_ups

        async def act(once: Once) -> object:
            return await top_ups.start(caller(player), wish, once)

        await self.asking.ask("top_up", player, act)

    async def cancel(self) -> None:
        """Let somebody cancel what waits for its payment."""
        order = await self.asking.one(
            "SELECT id, account_id FROM orders WHERE account_id = ANY($1) AND status = 'pending' ORDER BY id",
            self.players,
        )
        if order:
            checkout = self.world.use("checkout")

            async def act(once: Once) -> object:
                return await checkout.cancel(caller(order.account_id), order.id, once)

            await self.asking.ask("cancel", order.account_id, act)

    async def refund(self) -> None:
        """Let somebody give an order back, or a line of it."""
        order = await self.asking.one(
            "SELECT id, account_id FROM orders WHERE account_id = ANY($1) AND paid_at IS NOT NULL ORDER BY id",
            self.players,
        )
        if order:
            lines = await self.asking.all(
                "SELECT id, recipient_id AS account_id FROM order_lines WHERE order_id = $1 ORDER BY position",
                order.id,
            )
            some = [self.chance.choice(lines).id] if self.chance.random() < 0.6 else None
            wish = RefundWish(
                lines=some,
                reason="it is not for me",
                destination=self.chance.choice(["instrument", "wallet"]),
            )
            refunds = self.world.use("refunds")

            async def act(once: Once) -> object:
                return await refunds.ask(caller(order.account_id), order.id, wish, once, "ru")

            await self.asking.ask("refund", order.account_id, act)

    async def answer_gift(self) -> None:
        """Let somebody take a gift, or not."""
        gift = await self.asking.one(
            "SELECT id, recipient_id AS account_id FROM gifts WHERE recipient_id = ANY($1) AND state = 'sent' ORDER BY id",
            self.players,
        )
        if gift:
            who = caller(gift.account_id)
            if self.chance.random() < TAKEN_GIFTS:
                await self.asking.spawn("take gift", lambda: self.world.use("gifts").accept(who, gift.id))
            else:
                await self.asking.spawn(
                    "decline gift", lambda: self.world.use("gift_returns").decline(who, gift.id)
                )

    async def pay(self) -> None:
        """Let somebody pay, or be refused, at a provider."""
        waiting = [
            (provider, remote_id)
            for provider in self.world.providers
            for remote_id, remote in provider.payments.items()
            if remote.status == "pending"
        ]
        if waiting:
            provider, remote_id = self.chance.choice(waiting)
            if self.chance.random() < 0.85:
                provider.pay(remote_id, lambda share: self.chance.random() < share)
            else:
                provider.refuse(remote_id)
            self.world.scheduler.tell(f"{remote_id} is {provider.payments[remote_id].status}")

    async def notify(self) -> None:
        """Let a webhook arrive: in any order, twice, or one that nobody sent."""
        noticed = [(provider, notice) for provider in self.world.providers for notice in provider.notices]
        if self.chance.random() < FORGERIES:
            forged = Notice(self.world.new_id(), "yookassa-1")
            await self.asking.spawn("forged webhook", partial(self._hear, "yookassa", forged))
        elif noticed:
            provider, notice = self.chance.choice(noticed)
            if self.chance.random() > DUPLICATES:
                provider.notices.remove(notice)
            await self.asking.spawn("webhook", partial(self._hear, provider.name, notice))

    async def _hear(self, provider: str, notice: Notice) -> None:
        webhooks = self.world.webhooks
        if provider == "tbank":
            told: dict[str, object] = {"PaymentId": notice.remote_id, "Status": notice.status.upper()}
            told["OrderId"] = str(notice.payment_id)
            await webhooks.hear_tbank(msgspec.json.encode(told))
            return
        about = {"id": notice.remote_id, "metadata": {"payment_id": str(notice.payment_id)}}
        body = {"type": "notification", "event": f"payment.{notice.status}", "object": about}
        await webhooks.hear_yookassa(msgspec.json.encode(body), ADDRESS)

    async def go_on(self) -> None:
        """Let a process begin with a piece of what it took; now and then it dies with it, and another one takes it later."""
        if self.world.claimed:
            claimed = self.world.claimed.pop(self.chance.randrange(len(self.world.claimed)))
            if self.chance.random() < LOST_CLAIMS:
                self.world.scheduler.tell(f"{claimed.name} dies with its process")
            else:
                await self.asking.spawn(claimed.name, claimed.act)

    async def deliver(self) -> None:
        """Let an event reach one of those who hear it: not always the oldest first."""
        if self.world.waiting:
            place = self.chance.randrange(min(len(self.world.waiting), 6))
            hearing = self.world.waiting.pop(place)
            again = self.chance.random() < AGAIN
            await self.asking.spawn(hearing.consumer.name, lambda: self.world.hear(hearing, lambda: again))

    async def work(self) -> None:
        """Let a job have its turn."""
        name, act = self.chance.choice(jobs(self.world))
        await self.asking.spawn(name, act)

    async def wait(self) -> None:
        """Let time pass."""
        seconds = self.chance.choice([1, 5, 30, 60, 60, 300, 2_000, 4_000])
        self.world.turn(timedelta(seconds=seconds))
