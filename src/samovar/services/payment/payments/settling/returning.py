"""Sending money back: in turns, as `driver` brings payments forward."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import (
    HOLD,
    RETURN_REST,
    RETURN_TRIES_MAX,
    STRAY_KINDS,
    Call,
    Payment,
    RefundState,
    Return,
    gap,
    is_in_the_sum,
    is_too_old,
    waits_for_others,
)
from samovar.services.payment.payments.settling.capturing import held_in
from samovar.services.payment.payments.settling.purposes import Purpose, Receipts, RefundSettling
from samovar.services.payment.payments.topping_up import crediting
from samovar.services.payment.providers.port import (
    Declined,
    Done,
    NotMade,
    Pending,
    RefundOutcome,
    RemoteRefund,
    Unknown,
)
from samovar.services.payment.providers.routing import Router

log = structlog.get_logger(__name__)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked next of the provider of a payment; without a call it is only looked at.

    Attributes:
        is_summed: The provider may have forgotten the key: what it has sent back in all tells.
        rivals: The other refunds of the payment whose outcome is not known, where the sum tells.
        rival_calls: Their calls.
    """

    refund: Return
    payment: Payment
    call: Call | None
    is_summed: bool = False
    rivals: tuple[Return, ...] = ()
    rival_calls: Mapping[UUID, Call | None] = {}


class Returns:
    """Brings refunds forward at the provider.

    Args:
        database: Of payment.
        router: The providers.
        purposes: What payments are for: locked before the payment.
        refunds: Hears of refunds that somebody asked for.
        receipts: Plans the receipts of what goes back by itself.
        clock: Where time comes from.
        new_id: Where keys come from.
    """

    def __init__(
        self,
        database: Database,
        *,
        router: Router,
        purposes: Mapping[str, Purpose],
        refunds: RefundSettling,
        receipts: Receipts,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._router = router
        self._purposes = purposes
        self._refunds = refunds
        self._receipts = receipts
        self._clock = clock
        self._new_id = new_id

    async def advance(self, refund_id: UUID) -> RefundState | None:
        """Ask the provider for a refund, or what became of it; returns its state then, none where there is no such refund."""
        turn = await self._begin(refund_id)
        if turn:
            await self._end(turn, await self._ask(turn))
        refund = await repository.find_return(self._database, refund_id)
        return refund.state if refund else None

    async def hear(self, payment_id: UUID) -> bool:
        """Ask about all that is on its way back of a payment; returns whether nothing of it is left open."""
        refunds = [
            refund
            for refund in await repository.returns_of(self._database, payment_id)
            if refund.state in {"sent", "unknown", "pending"}
        ]
        states = [await self.advance(refund.id) for refund in refunds]
        return all(state in {"done", "refused"} for state in states)

    async def _begin(self, refund_id: UUID) -> Turn | None:
        now = self._clock.now()
        found = await repository.find_return(self._database, refund_id)
        if found is None or found.state in {"done", "refused"}:
            return None
        async with self._database.transaction() as tx:
            payment, refund = await self._lock(tx, found)
            if refund.state in {"done", "refused"} or (refund.held_until and refund.held_until > now):
                return None
            call = (await repository.open_calls(tx, payment.id, refund_id)).get("refund")
            held = msgspec.structs.replace(
                refund,
                state="sent" if refund.state == "intended" else refund.state,
                held_until=now + HOLD,
                checks=refund.checks + 1,
                next_check_at=now + gap(refund.checks),
            )
            await repository.save_return(tx, held)
            if refund.state == "pending" and refund.provider_refund_id:
                return Turn(refund=held, payment=payment, call=None)
            if call:
                await repository.count_try(tx, call.key)
                call = msgspec.structs.replace(call, tries=call.tries + 1)
                if not is_too_old(call, now):
                    return Turn(refund=held, payment=payment, call=call)
                rivals, rival_calls = await _rivals(tx, held)
                return Turn(
                    refund=held,
                    payment=payment,
                    call=call,
                    is_summed=True,
                    rivals=rivals,
                    rival_calls=rival_calls,
                )
            call = Call(
                key=self._new_id(),
                payment_id=payment.id,
                refund_id=refund_id,
                kind="refund",
                provider=payment.provider or "",
                first_sent_at=now,
            )
            await repository.insert_call(tx, call)
            return Turn(refund=held, payment=payment, call=call)

    async def _ask(self, turn: Turn) -> RefundOutcome:
        payment, refund = turn.payment, turn.refund
        provider = self._router.of(payment.provider or "")
        if provider is None:
            return Unknown(f"{payment.provider} is not configured")
        remote_id = payment.provider_payment_id or ""
        amount = Money(refund.amount, payment.currency)
        outcome: RefundOutcome
        if turn.call is None:
            outcome = await provider.get_refund(remote_id, refund.provider_refund_id or "", amount)
        elif turn.is_summed:
            return await self._found_in_the_sum(turn)
        else:
            outcome = await provider.refund(remote_id, refund.id, amount, turn.call.key)
        self._router.note(provider.name, outcome)
        return outcome

    async def _found_in_the_sum(self, turn: Turn) -> RefundOutcome:
        """Tell by what the provider has sent back in all whether a call was heard whose key it has forgotten by now."""
        payment, refund = turn.payment, turn.refund
        if waits_for_others(turn.rival_calls, self._clock.now()):
            return Unknown("another refund of the payment is under way")
        provider = self._router.of(payment.provider or "")
        news = await provider.get(payment.provider_payment_id or "") if provider else Unknown("no provider")
        if isinstance(news, Unknown | NotMade) or news.what is None or news.what.refunded is None:
            return Unknown("nobody knows what has gone back")
        back = news.what.refunded.amount - payment.refunded
        is_made = is_in_the_sum(refund, turn.rivals, back)
        if is_made is None:
            return Unknown(f"{back} has gone back that is not known here")
        if not is_made:
            return NotMade("it is not in the sum of what has gone back", is_answer=True)
        amount = Money(refund.amount, payment.currency)
        return Done(RemoteRefund(id=f"sum:{refund.id}", status="done", amount=amount))

    async def _end(self, turn: Turn, outcome: RefundOutcome) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            payment, refund = await self._lock(tx, turn.refund)
            is_ours = refund.held_until == turn.refund.held_until
            if refund.state in {"done", "refused"} or (
                not is_ours and isinstance(outcome, NotMade | Declined)
            ):
                return
            refund = msgspec.structs.replace(refund, held_until=None)
            if turn.is_summed and not await _is_still(tx, turn, payment):
                outcome = Unknown("the sum was of another moment")
            if isinstance(outcome, Unknown) or (
                isinstance(outcome, Done | Pending) and outcome.what.amount.amount != refund.amount
            ):
                log.info("nobody knows of a refund yet", refund_id=str(refund.id), provider=payment.provider)
                if refund.state == "sent":
                    refund = msgspec.structs.replace(refund, state="unknown")
                await repository.save_return(tx, refund)
            elif isinstance(outcome, NotMade):
                if turn.call and (outcome.is_answer or turn.call.tries == 1):
                    await repository.close_refund_call(tx, refund.id, "not_made", now)
                    refund = msgspec.structs.replace(refund, state="intended")
                await repository.save_return(tx, refund)
            elif isinstance(outcome, Declined):
                await self._decline(tx, payment, refund, outcome.code)
            elif isinstance(outcome, Done):
                await self._settle(tx, payment, refund, outcome.what)
            else:
                await repository.close_refund_call(tx, refund.id, "done", now)
                waiting = msgspec.structs.replace(refund, state="pending", provider_refund_id=outcome.what.id)
                await repository.save_return(tx, waiting)

    async def _settle(self, tx: Transaction, payment: Payment, refund: Return, remote: RemoteRefund) -> None:
        now = self._clock.now()
        await repository.close_refund_call(tx, refund.id, "done", now)
        await repository.save_return(
            tx,
            msgspec.structs.replace(
                refund, state="done", provider_refund_id=remote.id, settled_at=now, next_check_at=None
            ),
        )
        await repository.save_payment(
            tx,
            msgspec.structs.replace(
                payment,
                refund_pending=payment.refund_pending - refund.amount,
                refunded=payment.refunded + refund.amount,
            ),
        )
        if refund.kind == "asked":
            await self._refunds.arrived(tx, refund.id, now=now)
            return
        if refund.kind == "top_up":
            await crediting.refund_arrived(tx, payment, refund.id, self._receipts, now=now)
            return
        amount = Money(refund.amount, payment.currency)
        provider = payment.provider or ""
        transfer = Transfer(
            id=leg_id(refund.id, "clearing"),
            debit=held_in(refund.kind, provider, payment.currency),
            credit=Account(Kind.CLEARING, provider, payment.currency),
            amount=amount,
            code="refund",
            cause_id=refund.id,
        )
        await posting.post(tx, [transfer], now=now)
        await self._receipts.refund_settled(
            tx,
            refund_id=refund.id,
            order_id=None,
            top_up_id=payment.id,
            line_amounts={},
            amount=amount,
            destination="instrument",
            now=now,
        )

    async def _decline(self, tx: Transaction, payment: Payment, refund: Return, code: str) -> None:
        """Write that the provider does not send it back. What goes back by itself is tried again on other days."""
        now = self._clock.now()
        await repository.close_refund_call(tx, refund.id, "declined", now)
        tried = await repository.count_refund_calls(tx, refund.id)
        if refund.kind in STRAY_KINDS and tried < RETURN_TRIES_MAX:
            later = msgspec.structs.replace(
                refund,
                state="intended",
                provider_refund_id=None,
                failure_code=code,
                next_check_at=now + RETURN_REST,
            )
            await repository.save_return(tx, later)
            return
        await repository.save_return(
            tx, msgspec.structs.replace(refund, state="refused", failure_code=code, next_check_at=None)
        )
        await repository.save_payment(
            tx, msgspec.structs.replace(payment, refund_pending=payment.refund_pending - refund.amount)
        )
        if refund.kind == "asked":
            await self._refunds.refused(tx, refund.id, code=code, now=now)
        elif refund.kind == "top_up":
            await crediting.refund_refused(tx, payment, refund.id, now=now)
        else:
            log.error("money that is not ours cannot be sent back", refund_id=str(refund.id), code=code)

    async def _lock(self, tx: Transaction, refund: Return) -> tuple[Payment, Return]:
        """Lock what the payment is for, the payment, the refund, in this order."""
        payment = await repository.find_payment(tx, refund.payment_id)
        if payment:
            await self._purposes[payment.purpose].is_wanted(tx, payment.purpose_id)
            payment = await repository.lock_payment(tx, refund.payment_id)
        locked = await repository.lock_return(tx, refund.id)
        if payment is None or locked is None:
            raise LookupError(f"{refund.id} is gone")
        return payment, locked


async def _rivals(tx: Transaction, refund: Return) -> tuple[tuple[Return, ...], dict[UUID, Call | None]]:
    """Return the other refunds of a payment of which nobody knows yet whether they were made, and the open call of each."""
    rivals = tuple(
        other
        for other in await repository.returns_of(tx, refund.payment_id)
        if other.id != refund.id and other.state in {"sent", "unknown", "pending"}
    )
    calls = await repository.open_refund_calls(tx, refund.payment_id)
    return rivals, {rival.id: calls.get(rival.id) for rival in rivals}


async def _is_still(tx: Transaction, turn: Turn, payment: Payment) -> bool:
    """Return whether what a sum was held against is still so: nothing was settled since, and nothing sent."""
    _, calls = await _rivals(tx, turn.refund)
    before = {rival_id: call and call.key for rival_id, call in turn.rival_calls.items()}
    return payment.refunded == turn.payment.refunded and before == {
        rival_id: call and call.key for rival_id, call in calls.items()
    }
