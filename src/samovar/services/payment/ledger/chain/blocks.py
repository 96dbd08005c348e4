"""The hash chain: one writer puts transfers that are long past into blocks, each of which seals all before it.

A change of a transfer by whoever can write into the database is seen by `verify`, and the transfer named. Whoever also writes the
blocks anew cannot make the hash at the end what it was: note it outside from time to time (`samovar ledger verify` prints it).
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.payment.ledger.chain import repository
from samovar.services.payment.ledger.chain.repository import Block, Link, Position
from samovar.services.payment.ledger.domain import Fault

# Hashing them takes about 10 ms of the loop.
BLOCK_TRANSFERS = 1_000
LEAF_BYTES = 32
_ID_BYTES = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GENESIS = bytes(32)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a walk along the chain found.

    Attributes:
        head: The hash that seals everything up to there, hexadecimal.
        fault: The first thing that is not as it was written, if any; nothing behind it was looked at.
    """

    blocks: int
    transfers: int
    head: str
    fault: Fault | None


async def extend(database: Database, *, now: datetime) -> int:
    """Make one more block of at most `BLOCK_TRANSFERS`, and add its transfers to the sums; returns how many they are.

    Several may call it at once: they go one after the other.
    """
    async with database.transaction() as tx:
        position = await repository.lock_position(tx)
        links = await repository.next_links(tx, position, BLOCK_TRANSFERS)
        if links:
            last = links[-1]
            leaves = b"".join(map(leaf_of, links))
            number = position.block_number + 1
            block = Block(
                number=number,
                written_in=last.written_in,
                seq=last.seq,
                transfers=len(links),
                leaves=leaves,
                hash=sealed(position.hash, number, leaves),
            )
            await repository.insert_block(tx, block, now)
            await repository.add_to_sums(tx, position, last)
    return len(links)


async def verify(database: Database) -> Verdict:
    """Walk along the whole chain and stop at the first transfer or block that is not as it was written."""
    end = await repository.find_position(database)
    before: Block | None = None
    transfers = 0
    for number in range(1, end.block_number + 1):
        block = await repository.find_block(database, number)
        fault = await _fault_of(database, number, block, before)
        if block is None or fault:
            return _verdict(number - 1, transfers, before, fault)
        before = block
        transfers += block.transfers
        await asyncio.sleep(0)
    return _verdict(end.block_number, transfers, before, await _fault_of_end(database, end, before))


def leaf_of(link: Link) -> bytes:
    """Return 16 bytes of the id of a transfer and 16 of the hash of all of it."""
    fields = [
        *(str(link.id), link.kind, str(link.debit_account_id), str(link.credit_account_id)),
        *(
            link.amount,
            link.currency,
            link.code,
            str(link.cause_id),
            link.pending_id and str(link.pending_id),
        ),
        *(link.expires_at and _microseconds(link.expires_at), link.actor_id and str(link.actor_id)),
        *(link.reason, _microseconds(link.created_at), link.written_in, link.seq),
    ]
    return link.id.bytes + sha256(msgspec.json.encode(fields)).digest()[:_ID_BYTES]


def sealed(before: bytes, number: int, leaves: bytes) -> bytes:
    """Return the hash of a block."""
    return sha256(before + number.to_bytes(8, "big") + leaves).digest()


async def _fault_of(
    database: Database, number: int, block: Block | None, before: Block | None
) -> Fault | None:
    if block is None:
        return _fault(f"block {number}", "is not there")
    if block.hash != sealed(before.hash if before else _GENESIS, number, block.leaves):
        return _fault(
            f"block {number}", "does not seal what stands before it: its leaves or its hash were changed"
        )
    links = await repository.links_between(database, before, block, block.transfers + 1)
    return _first_altered(number, block.leaves, links)


def _first_altered(number: int, leaves: bytes, links: Sequence[Link]) -> Fault | None:
    """Compare the transfers that are there with those that were put into the block."""
    expected = [leaves[at : at + LEAF_BYTES] for at in range(0, len(leaves), LEAF_BYTES)]
    known = {leaf[:_ID_BYTES] for leaf in expected}
    there = {link.id.bytes for link in links}
    for place, leaf in enumerate(expected):
        if leaf[:_ID_BYTES] not in there:
            return _fault(f"transfer {UUID(bytes=leaf[:_ID_BYTES])}", f"was taken out of block {number}")
        link = links[place]
        if link.id.bytes not in known:
            return _fault(f"transfer {link.id}", f"was written into block {number} later")
        if leaf_of(link) != leaf:
            return _fault(f"transfer {link.id}", f"is not as it was put into block {number}")
    if len(links) > len(expected):
        return _fault(f"transfer {links[-1].id}", f"was written into block {number} later")
    return None


async def _fault_of_end(database: Database, end: Position, last: Block | None) -> Fault | None:
    if end.hash != (last.hash if last else _GENESIS):
        return _fault("the end of the chain", "is not the hash of the last block")
    if await repository.is_ahead(database):
        return _fault(
            "the end of the chain",
            "is of a transaction that this server has not reached: restore the database physically, or raise the counter with "
            "pg_resetwal, before any money moves",
        )
    return None


def _verdict(blocks: int, transfers: int, last: Block | None, fault: Fault | None) -> Verdict:
    head = (last.hash if last else _GENESIS).hex()
    return Verdict(blocks=blocks, transfers=transfers, head=head, fault=fault)


def _fault(subject: str, detail: str) -> Fault:
    return Fault(invariant="L3", subject=subject, detail=detail)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
