"""Bringing payments forward: ask the provider what is next, write down what it says.

Each turn is three steps: a transaction that decides what is asked, stores its key and takes hold of the payment; the call, in no
transaction; a transaction that writes the outcome with all it does. A process may die between any two of them: the hold runs out, and
the next turn asks the same thing with the same key.

What it is for is locked before the payment, by everybody, so that nobody waits for one another in a circle.
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec
import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import NotFound
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import (
    HOLD,
    OVER,
    REFUSAL_REST,
    UNMADE,
    Call,
    Payment,
    PaymentState,
    Step,
    finished,
    gap,
    is_hopeless,
    is_too_old,
    learned,
    next_step,
    to_create,
)
from samovar.services.payment.payments.instruments.keeping import Instruments
from samovar.services.payment.payments.settling import capturing
from samovar.services.payment.payments.settling.purposes import Purpose, Receipts
from samovar.services.payment.providers.port import (
    Declined,
    Done,
    NotMade,
    PaymentOutcome,
    PayMethod,
    Pending,
    RemotePayment,
    Unknown,
)
from samovar.services.payment.providers.routing import Router

TURNS_MAX = 6

log = structlog.get_logger(__name__)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked next, written down before it is."""

    payment: Payment
    step: Step
    call: Call | None
    token: str | None = None


class Driver:
    """Brings payments forward; see above.

    Args:
        database: Of payment.
        router: The providers.
        purposes: What payments are for, by the name of the purpose.
        receipts: Plans fiscal receipts.
        instruments: The kept instruments.
        base_url: Where players and providers reach the platform.
        clock: Where time comes from.
        new_id: Where keys come from.
    """

    def __init__(
        self,
        database: Database,
        *,
        router: Router,
        purposes: Mapping[str, Purpose],
        receipts: Receipts,
        instruments: Instruments,
        base_url: str,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._router = router
        self._purposes = purposes
        self._receipts = receipts
        self._instruments = instruments
        self._base_url = base_url
        self._clock = clock
        self._new_id = new_id

    @property
    def has_provider(self) -> bool:
        """Return whether anybody collects money here at all."""
        return bool(self._router.all)

    def takes(self, method: PayMethod, amount: Money) -> bool:
        """Return whether a provider takes an amount by a method at all."""
        return self._router.takes(method, amount)

    async def advance(self, payment_id: UUID) -> PaymentState:
        """Ask the provider what is next until it is somebody else's turn; returns the payment as it is then.

        Whoever calls at the same time gets the state as it is: one speaks with the provider.

        Raises:
            NotFound: There is no such payment.
        """
        for _ in range(TURNS_MAX):
            turn = await self._begin(payment_id)
            if turn is None:
                break
            outcome, news = await self._ask(turn)
            if not await self._end(turn, outcome, news):
                break
        payment = await repository.find_payment(self._database, payment_id)
        if payment is None:
            raise NotFound(f"no payment {payment_id}")
        return PaymentState.of(payment)

    async def hear(self, payment_id: UUID, remote_id: str | None = None) -> bool:
        """Ask the provider what a payment has become, whatever is thought of it here; then bring it forward.

        Args:
            payment_id: Ours.
            remote_id: What the provider is said to call it: believed only when the provider itself gives ours back for it.

        Returns:
            Whether the provider has answered, or there is nothing to ask it.
        """
        payment = await repository.find_payment(self._database, payment_id)
        provider = self._router.of(payment.provider) if payment and payment.provider else None
        wanted = remote_id if payment is None else payment.provider_payment_id or remote_id
        if payment is None or provider is None or wanted is None:
            return True
        news = await provider.get(wanted)
        self._router.note(provider.name, news)
        if isinstance(news, NotMade | Unknown):
            return False
        is_ours = payment.provider_payment_id is not None or (
            news.what is not None and news.what.payment_id == payment.id
        )
        if is_ours:
            async with self._database.transaction() as tx:
                await self._purpose(payment).is_wanted(tx, payment.purpose_id)
                locked = await repository.lock_payment(tx, payment_id)
                if locked and locked.provider == payment.provider:
                    await self._land(tx, locked, news)
        await self.advance(payment_id)
        return True

    async def _begin(self, payment_id: UUID) -> Turn | None:
        """Decide what is asked, store its key, take hold; none where there is nothing to ask, or somebody is asking."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            found = await repository.find_payment(tx, payment_id)
            if found is None or found.state in OVER:
                return None
            is_wanted = await self._purpose(found).is_wanted(tx, found.purpose_id)
            payment = await repository.lock_payment(tx, payment_id)
            if payment is None or (payment.held_until and payment.held_until > now):
                return None
            if is_hopeless(payment, now):
                code = "canceled" if payment.stopped_at else "provider_unavailable"
                await self._give_up(tx, payment, code)
                return None
            calls = await repository.open_calls(tx, payment_id)
            provider = self._router.of(payment.provider) if payment.provider else None
            step = next_step(
                payment,
                is_wanted=is_wanted and payment.stopped_at is None,
                open_calls=calls.keys(),
                cancels_pending=provider.cancels_pending if provider else False,
            )
            if step is None:
                await repository.save_payment(tx, msgspec.structs.replace(payment, next_check_at=None))
                return None
            return await self._prepare(tx, payment, step, calls.get(step) if step != "look" else None)

    async def _prepare(self, tx: Transaction, payment: Payment, step: Step, call: Call | None) -> Turn | None:
        now = self._clock.now()
        if step == "create" and is_too_old(call, now):
            await self._give_up(tx, payment, "outcome_unknown")
            return None
        if is_too_old(call, now):
            step, call = "look", None
        held = msgspec.structs.replace(
            payment,
            state="sent" if payment.state == "intended" else payment.state,
            held_until=now + HOLD,
            checks=payment.checks + 1,
            next_check_at=now + gap(payment.checks),
        )
        if call:
            await repository.count_try(tx, call.key)
            call = msgspec.structs.replace(call, tries=call.tries + 1)
        elif step != "look":
            name = held.provider or await self._choose(tx, payment)
            if name is None:
                # Not later than its time is over: somebody waits to hear that.
                looked_at = min(now + gap(payment.checks), payment.expires_at)
                waiting = msgspec.structs.replace(
                    held, state=payment.state, held_until=None, next_check_at=looked_at
                )
                await repository.save_payment(tx, waiting)
                return None
            held = msgspec.structs.replace(held, provider=name)
            call = Call(
                key=self._new_id(), payment_id=payment.id, kind=step, provider=name, first_sent_at=now
            )
            await repository.insert_call(tx, call)
        await repository.save_payment(tx, held)
        token = await self._instruments.token_of(tx, held) if step == "create" else None
        return Turn(payment=held, step=step, call=call, token=token)

    async def _choose(self, tx: Transaction, payment: Payment) -> str | None:
        pinned = await self._instruments.provider_of(tx, payment)
        if pinned:
            return pinned
        refused = await repository.providers_that_refused(tx, payment.id, self._clock.now() - REFUSAL_REST)
        provider = self._router.choose(payment.method, payment.money, without=refused)
        return provider.name if provider else None

    async def _ask(self, turn: Turn) -> tuple[PaymentOutcome, PaymentOutcome]:
        """Return what the provider says to the call, and what it says of the payment: another thing where it refuses the call."""
        payment = turn.payment
        provider = self._router.of(payment.provider or "")
        if provider is None:
            lost = Unknown(f"{payment.provider} is not configured")
            return lost, lost
        remote_id = payment.provider_payment_id or ""
        if turn.step == "create" and turn.call:
            new = to_create(
                payment, base_url=self._base_url, token=turn.token, is_repeated=turn.call.tries > 1
            )
            outcome = await provider.create(new, turn.call.key)
        elif turn.step == "capture" and turn.call:
            outcome = await provider.capture(remote_id, payment.money, turn.call.key)
        elif turn.step == "cancel" and turn.call:
            outcome = await provider.cancel(remote_id, turn.call.key)
        else:
            outcome = await provider.get(remote_id)
        self._router.note(provider.name, outcome)
        if turn.step in {"capture", "cancel"} and isinstance(outcome, NotMade) and outcome.is_answer:
            return outcome, await provider.get(remote_id)
        return outcome, outcome

    async def _end(self, turn: Turn, outcome: PaymentOutcome, news: PaymentOutcome) -> bool:
        """Write what came of a turn; returns whether there is more to ask at once."""
        now = self._clock.now()
        if isinstance(outcome, Unknown | NotMade):
            log.info(
                "a provider has not done it",
                payment_id=str(turn.payment.id),
                provider=turn.payment.provider,
                step=turn.step,
                reason=outcome.reason,
            )
        async with self._database.transaction() as tx:
            await self._purpose(turn.payment).is_wanted(tx, turn.payment.purpose_id)
            payment = await repository.lock_payment(tx, turn.payment.id)
            if payment is None:
                return False
            is_ours = payment.held_until == turn.payment.held_until
            if is_ours:
                payment = msgspec.structs.replace(payment, held_until=None)
            if isinstance(outcome, NotMade) and turn.call and is_ours:
                payment = await self._not_made(tx, payment, turn.call, outcome)
            if isinstance(news, NotMade | Unknown):
                if turn.step == "create" and payment.state == "sent":
                    payment = msgspec.structs.replace(payment, state="unknown")
                await repository.save_payment(tx, payment)
            else:
                payment = await self._land(tx, payment, news)
            return (
                payment.state not in OVER
                and payment.next_check_at is not None
                and payment.next_check_at <= now
            )

    async def _not_made(self, tx: Transaction, payment: Payment, call: Call, outcome: NotMade) -> Payment:
        """Free what certainly had no effect, so that it may go with a new key, to another provider if it was the first call."""
        if not (outcome.is_answer or call.tries == 1):
            return payment
        now = self._clock.now()
        await repository.close_calls(tx, payment.id, [call.kind], "not_made", now)
        if call.kind == "create" and payment.state in UNMADE:
            return msgspec.structs.replace(payment, state="intended", provider=None, next_check_at=now)
        return payment

    async def _land(
        self,
        tx: Transaction,
        payment: Payment,
        news: Done[RemotePayment] | Pending[RemotePayment] | Declined[RemotePayment],
    ) -> Payment:
        """Write what the provider says of a payment that is locked."""
        now = self._clock.now()
        remote = news.what
        if remote and remote.payment_id not in {None, payment.id}:
            log.error("a provider speaks of another payment", payment_id=str(payment.id), remote_id=remote.id)
            await repository.save_payment(tx, payment)
            return payment
        if remote and remote.status == "captured":
            landed = await capturing.capture(
                tx,
                payment,
                remote,
                purpose=self._purpose(payment),
                receipts=self._receipts,
                now=now,
            )
            if payment.state != "captured" and remote.instrument:
                await self._instruments.keep(tx, landed, remote.instrument, now)
            return landed
        if payment.state in OVER:
            await repository.save_payment(tx, payment)
            return payment
        if remote is None or isinstance(news, Declined):
            ended = finished(payment, "canceled", news.code if isinstance(news, Declined) else "canceled")
            ended = msgspec.structs.replace(
                ended, provider_payment_id=remote.id if remote else payment.provider_payment_id
            )
            await self._close(tx, ended)
            return ended
        changed = learned(payment, remote, now)
        if remote.status == "authorised" and remote.amount != payment.money:
            # Another amount is held than was asked for: let it go.
            changed = msgspec.structs.replace(changed, stopped_at=changed.stopped_at or now)
        await repository.close_calls(tx, payment.id, ["create"], "done", now)
        await repository.save_payment(tx, changed)
        return changed

    async def _close(self, tx: Transaction, payment: Payment) -> None:
        now = self._clock.now()
        await repository.save_payment(tx, payment)
        await repository.close_calls(tx, payment.id, ["create", "cancel"], "done", now)
        await repository.close_calls(tx, payment.id, ["capture"], "declined", now)
        await self._purpose(payment).over(tx, payment, payment.failure_code or "canceled", now=now)

    async def _give_up(self, tx: Transaction, payment: Payment, code: str) -> None:
        """End a payment that no provider is known to have."""
        ended = finished(payment, "failed", code)
        await repository.save_payment(tx, ended)
        await self._purpose(ended).over(tx, ended, code, now=self._clock.now())

    def _purpose(self, payment: Payment) -> Purpose:
        return self._purposes[payment.purpose]
