"""Support and finance, as far as they decide for players.

Refunds that a provider refuses, settled by hand; refunds beyond the rules, in parts too; money given to make up for something, by two
persons where it is much; payments that banks take back, from the notice to the verdict.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid5

from samovar.kit.idempotency import Once
from samovar.services.payment.chargebacks.domain import Verdict
from samovar.services.payment.chargebacks.schemas import ChargebackNotice, ChargebackVerdict
from samovar.services.payment.chargebacks.use_cases import Chargebacks
from samovar.services.payment.compensations.schemas import Approval, CompensationWish, Rejection
from samovar.services.payment.refunds.schemas import Decision, StaffLine, StaffRefundWish
from tests.services.payment.simulation.playing.asking import Asking, caller

WAYS = ("retry", "to_wallet", "charged_back")
VERDICTS: tuple[Verdict, ...] = ("won", "lost", "lost")
PARTS, APPROVED = 0.7, 0.8

_PAID = "SELECT id, account_id FROM orders WHERE account_id = ANY($1) AND paid_at IS NOT NULL ORDER BY id"
_LINES = "SELECT id, recipient_id AS account_id FROM order_lines WHERE order_id = $1 ORDER BY position"
_PROPOSED = (
    "SELECT id, account_id FROM compensations WHERE account_id = ANY($1) AND status = 'proposed' ORDER BY id"
)
_DISPUTED = (
    "SELECT id, account_id FROM chargebacks WHERE account_id = ANY($1) AND status = 'opened' ORDER BY id"
)
# Money that fits nothing goes back by itself.
_KEPT = "SELECT id, account_id FROM payments WHERE account_id = ANY($1) AND state = 'captured' AND failure_code IS NULL ORDER BY id"
_NOTED = "SELECT id, account_id FROM chargebacks WHERE case_id = $1"
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
        self._chief = uuid5(players[0], "chief of staff")
        self._people = [uuid5(players[0], f"staff {number}") for number in range(3)]

    def things(self) -> dict[Callable[[], Awaitable[None]], int]:
        """Return what may happen, and how often."""
        return {
            self.settle_held: 4,
            self.grant: 5,
            self.compensate: 4,
            self.decide_compensation: 4,
            self.hear_dispute: 3,
            self.decide_dispute: 3,
        }

    async def grant(self) -> None:
        """Let somebody give back a line, or a part of it, or all that is left of an order."""
        order = await self._asking.one(_PAID, self._players)
        if order:
            lines = await self._asking.all(_LINES, order.id)
            part = self._chance.choice([None, 1, 900, 20_000])
            line = StaffLine(line_id=self._chance.choice(lines).id, amount=part)
            wish = StaffRefundWish(
                lines=[line] if self._chance.random() < PARTS else None,
                reason="technical_fault",
                note="it does not start",
                destination=self._chance.choice(["instrument", "wallet"]),
            )
            refunds = self._world.use("staff_refunds")
            person = self._chance.choice(self._people)

            async def act(once: Once) -> object:
                return await refunds.grant(caller(person, "support"), order.id, wish, once)

            await self._asking.ask("grant refund", person, act)

    async def compensate(self) -> None:
        """Let somebody give a player something, or propose what is beyond them."""
        wish = CompensationWish(
            account_id=self._chance.choice(self._players),
            kind=self._chance.choice(["wallet", "bonus"]),
            amount=self._chance.choice([1, 5_000, 20_000, 60_000]),
            reason="platform_fault",
            note="the shop was away",
        )
        person = self._chance.choice(self._people)
        compensations = self._world.compensations

        async def act(once: Once) -> object:
            return await compensations.give(caller(person, "support"), wish, once)

        await self._asking.ask("compensate", person, act)

    async def decide_compensation(self) -> None:
        """Let somebody say yes or no to what is proposed, be it by themselves."""
        proposed = await self._asking.one(_PROPOSED, self._players)
        if proposed:
            person = self._chance.choice(self._people)
            await self._decide_compensation(proposed.id, person, is_yes=self._chance.random() < APPROVED)

    async def hear_dispute(self) -> None:
        """Let the bank of a payer take something back, and somebody write that down."""
        payment = await self._asking.one(_KEPT, self._players)
        if payment:
            provider, remote = next(
                (provider, remote)
                for provider in self._world.providers
                for remote in provider.payments.values()
                if remote.payment_id == payment.id and remote.status == "captured"
            )
            left = remote.amount.amount - provider.disputed(remote.id)
            part = self._chance.choice([left, left, max(1, left // 3)])
            if left:
                provider.dispute(remote.id, part)
        await self._note_disputes()

    async def decide_dispute(self) -> None:
        """Let a bank decide, and somebody write that down."""
        opened = await self._asking.one(_DISPUTED, self._players)
        if opened:
            await self._decide_dispute(opened.id)

    async def settle_held(self) -> None:
        """Let somebody see to a refund that a provider has refused."""
        refund = await self._asking.one(_HELD, self._players)
        if refund:
            await self._settle(refund.id, self._chance.choice(WAYS))

    async def clear(self) -> None:
        """Let all be decided that waits for a person."""
        for refund in await self._asking.all(_HELD, self._players):
            await self._settle(refund.id, self._chance.choice(WAYS))
        for proposed in await self._asking.all(_PROPOSED, self._players):
            await self._decide_compensation(proposed.id, self._chief, is_yes=True)
        await self._note_disputes()
        for opened in await self._asking.all(_DISPUTED, self._players):
            await self._decide_dispute(opened.id)

    async def _settle(self, refund_id: UUID, how: str) -> None:
        decide = getattr(self._world.use("staff_refunds"), how)
        person = self._chance.choice(self._people)

        async def act(once: Once) -> object:
            return await decide(
                caller(person, "support"), refund_id, Decision(note="it was asked about"), once
            )

        await self._asking.ask(f"{how} held", person, act)

    async def _decide_compensation(self, compensation_id: UUID, person: UUID, *, is_yes: bool) -> None:
        compensations = self._world.compensations
        seen = await compensations.show(compensation_id)

        async def act(once: Once) -> object:
            who = caller(person, "finance")
            if is_yes:
                return await compensations.approve(
                    who, compensation_id, Approval(content_hash=seen.content_hash, note="so be it"), once
                )
            return await compensations.reject(who, compensation_id, Rejection(note="too much"), once)

        await self._asking.ask("approve compensation" if is_yes else "reject compensation", person, act)

    async def _note_disputes(self) -> None:
        """Write down each dispute that is not yet: of a payment of which nobody knew that it was captured, later."""
        for provider in self._world.providers:
            for case_id, dispute in provider.disputes.items():
                payment_id = provider.payments[dispute.remote_id].payment_id
                if payment_id is None or await self._asking.all(_NOTED, case_id):
                    continue
                notice = ChargebackNotice(
                    payment_id=payment_id, case_id=case_id, amount=dispute.amount, reason="fraud"
                )
                person = self._chance.choice(self._people)
                chargebacks = self._world.use("chargebacks")

                async def act(
                    once: Once,
                    who: UUID = person,
                    told: ChargebackNotice = notice,
                    room: Chargebacks = chargebacks,
                ) -> object:
                    return await room.open(caller(who, "finance"), told, once)

                await self._asking.ask("open chargeback", person, act)

    async def _decide_dispute(self, chargeback_id: UUID) -> None:
        chargebacks = self._world.use("chargebacks")
        opened = await chargebacks.show(chargeback_id)
        dispute = next(
            provider.disputes[opened.case_id]
            for provider in self._world.providers
            if opened.case_id in provider.disputes
        )
        drawn: Verdict = self._chance.choice(VERDICTS)
        said = dispute.verdict or drawn
        dispute.verdict = said
        verdict = ChargebackVerdict(verdict=said, note="the bank says so")
        person = self._chance.choice(self._people)

        async def act(once: Once) -> object:
            return await chargebacks.decide(caller(person, "finance"), chargeback_id, verdict, once)

        await self._asking.ask(f"chargeback {said}", person, act)
