"""What the ledger should do, in plain Python: no database, no concurrency, nothing clever."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace as replaced

from samovar.services.payment.ledger.domain import Account, Balance, Transfer

Outcome = Literal["new", "again", "conflict", "insufficient", "resolved", "wrong"]


@dataclass
class Sums:
    """What went through an account."""

    debits_posted: int = 0
    credits_posted: int = 0
    debits_pending: int = 0
    credits_pending: int = 0

    @property
    def is_overdrawn(self) -> bool:
        """Whether more left than came."""
        return self.debits_posted + self.debits_pending > self.credits_posted

    def balance(self) -> Balance:
        """Return it as the ledger does."""
        return Balance(self.debits_posted, self.credits_posted, self.debits_pending, self.credits_pending)


@dataclass
class Books:
    """All transfers by their ids, what resolved the pending ones, and the sums."""

    transfers: dict[UUID, Transfer] = field(default_factory=dict)
    resolved: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    sums: dict[Account, Sums] = field(default_factory=dict)

    def post(self, transfers: Sequence[Transfer]) -> Outcome:
        """Write all or nothing, once: what is tried again later would end later, and is a repetition all the same."""
        known = [transfer for transfer in transfers if transfer.id in self.transfers]
        if known:
            same = len(known) == len(transfers) and all(
                replaced(self.transfers[transfer.id], expires_at=None) == replaced(transfer, expires_at=None)
                for transfer in transfers
            )
            return "again" if same else "conflict"
        after = {account: replace(sums) for account, sums in self.sums.items()}
        for transfer in transfers:
            debit = after.setdefault(transfer.debit, Sums())
            credit = after.setdefault(transfer.credit, Sums())
            if transfer.is_pending:
                debit.debits_pending += transfer.amount.amount
                credit.credits_pending += transfer.amount.amount
            else:
                debit.debits_posted += transfer.amount.amount
                credit.credits_posted += transfer.amount.amount
        if any(sums.is_overdrawn for account, sums in after.items() if account.is_guarded):
            return "insufficient"
        self.sums = after
        self.transfers |= {transfer.id: transfer for transfer in transfers}
        return "new"

    def resolve(self, pending_id: UUID, kind: str, amount: int | None, now: datetime) -> Outcome:
        """End what was set aside, once."""
        pending = self.transfers.get(pending_id)
        if pending is None or not pending.is_pending:
            return "wrong"
        whole = pending.amount.amount
        wanted = whole if amount is None else amount
        if not 0 < wanted <= whole:
            return "wrong"
        if kind == "expire" and (pending.expires_at is None or pending.expires_at > now):
            return "wrong"
        if pending_id in self.resolved:
            return "again" if self.resolved[pending_id] == (kind, wanted) else "resolved"
        self.resolved[pending_id] = (kind, wanted)
        debit, credit = self.sums[pending.debit], self.sums[pending.credit]
        debit.debits_pending -= whole
        credit.credits_pending -= whole
        if kind == "post":
            debit.debits_posted += wanted
            credit.credits_posted += wanted
        return "new"
