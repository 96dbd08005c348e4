"""Moving money. Functions that take the transaction first: a use case moves money together with what it is for.

    await posting.post(tx, [Transfer(id=leg_id(order.id, "wallet"), …)], now=now)

All or nothing, and once: the same transfers again move nothing, a part of them or another transfer by the same id is a `TransferConflict`.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.ledger import repository
from samovar.services.payment.ledger.domain import (
    GUARDED,
    TRANSFERS_AT_ONCE_MAX,
    Account,
    Balance,
    Transfer,
    leg_id,
)
from samovar.services.payment.ledger.errors import AlreadyResolved, TransferConflict
from samovar.services.payment.ledger.repository import Row


async def post(tx: Transaction, transfers: Sequence[Transfer], *, now: datetime) -> bool:
    """Write transfers, posted or pending; returns whether they are new.

    Raises:
        InsufficientFunds: A guarded account would be overdrawn.
        TransferConflict: Some of the ids are taken: by other transfers, or by a part of these.
        ValueError: There are none, or too many.
    """
    if not 0 < len(transfers) <= TRANSFERS_AT_ONCE_MAX:
        raise ValueError(f"{len(transfers)} transfers; from 1 to {TRANSFERS_AT_ONCE_MAX} at once")
    await repository.open_accounts(tx, transfers)
    written = set(await repository.insert_transfers(tx, transfers, now))
    if len(written) < len(transfers):
        await _require_repetition(tx, transfers, written)
        return False
    moves: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for transfer in transfers:
        shift = 2 if transfer.is_pending else 0
        if transfer.debit.is_guarded:
            moves[transfer.debit.id][shift] += transfer.amount.amount
        if transfer.credit.is_guarded:
            moves[transfer.credit.id][shift + 1] += transfer.amount.amount
    if moves:
        await repository.move_balances(tx, {account_id: Balance(*move) for account_id, move in moves.items()})
    return True


async def post_pending(
    tx: Transaction, pending_id: UUID, *, now: datetime, amount: int | None = None
) -> bool:
    """Make a pending transfer final, in whole or in part; the rest goes back. Returns whether it is new.

    Raises:
        AlreadyResolved: It was voided or expired, or posted with another amount.
        ValueError: There is no such pending transfer, or the amount is none of it.
    """
    return await _resolve(tx, pending_id, "post", amount, now)


async def void(tx: Transaction, pending_id: UUID, *, now: datetime) -> bool:
    """Give back what a pending transfer set aside. Returns whether that is new.

    Raises:
        AlreadyResolved: It was posted or expired.
        ValueError: There is no such pending transfer.
    """
    return await _resolve(tx, pending_id, "void", None, now)


async def expire(tx: Transaction, pending_id: UUID, *, now: datetime) -> bool:
    """Give back what a pending transfer set aside, because its time is over. Returns whether that is new.

    Raises:
        AlreadyResolved: It was posted or voided.
        ValueError: There is no such pending transfer, or its time is not over.
    """
    return await _resolve(tx, pending_id, "expire", None, now)


async def balance(reader: Database | Transaction, account: Account) -> Balance:
    """Return the balance of a guarded account."""
    return (await repository.find_balances(reader, [account])).get(account.id, Balance())


async def balances(reader: Database | Transaction, accounts: Sequence[Account]) -> dict[Account, Balance]:
    """Return the balances of guarded accounts; one that nothing went through has an empty one."""
    found = await repository.find_balances(reader, accounts)
    return {account: found.get(account.id, Balance()) for account in accounts}


async def _resolve(tx: Transaction, pending_id: UUID, kind: str, amount: int | None, now: datetime) -> bool:
    found = await repository.find_transfers(tx, [pending_id])
    if not found or found[0].kind != "pending":
        raise ValueError(f"{pending_id} is no pending transfer")
    pending = found[0]
    whole = pending.amount if amount is None else amount
    if not 0 < whole <= pending.amount:
        raise ValueError(f"{whole} is no part of the {pending.amount} set aside")
    if kind == "expire" and (pending.expires_at is None or pending.expires_at > now):
        raise ValueError(f"the time of {pending_id} is not over")
    resolution_id = leg_id(pending_id, kind)
    written = await repository.insert_resolutions(
        tx, ids=[resolution_id], pending_ids=[pending_id], kinds=[kind], amounts=[whole], now=now
    )
    if not written:
        known = await repository.find_transfers(tx, [resolution_id])
        if known and known[0].amount == whole:
            return False
        raise AlreadyResolved(f"{pending_id} was resolved otherwise")
    await _settle(tx, pending, whole if kind == "post" else 0)
    return True


async def _settle(tx: Transaction, pending: Row, posted: int) -> None:
    """Take what was set aside out of the balances, and put what is posted in."""
    sides = [pending.debit_account_id, pending.credit_account_id]
    guarded = await repository.guarded_among(tx, sides, sorted(GUARDED))
    moves = {}
    if pending.debit_account_id in guarded:
        moves[pending.debit_account_id] = Balance(debits_posted=posted, debits_pending=-pending.amount)
    if pending.credit_account_id in guarded:
        moves[pending.credit_account_id] = Balance(credits_posted=posted, credits_pending=-pending.amount)
    if moves:
        await repository.move_balances(tx, moves)


async def _require_repetition(tx: Transaction, transfers: Sequence[Transfer], written: set[UUID]) -> None:
    """Let pass what was written before as it is wanted now."""
    if written:
        raise TransferConflict("a part of these transfers was written before")
    rows = {row.id: row for row in await repository.find_transfers(tx, [t.id for t in transfers])}
    if not all(_is_same(transfer, rows[transfer.id]) for transfer in transfers):
        raise TransferConflict("another transfer has this id")


def _is_same(transfer: Transfer, row: Row) -> bool:
    return (
        row.debit_account_id == transfer.debit.id
        and row.credit_account_id == transfer.credit.id
        and row.amount == transfer.amount.amount
        and row.code == transfer.code
        and row.cause_id == transfer.cause_id
        and (row.kind == "pending") == transfer.is_pending
    )
