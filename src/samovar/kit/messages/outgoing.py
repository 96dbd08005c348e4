"""What can be sent, the promise to send it, and the SQL behind both."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource

SUBJECT_LENGTH_MAX = 200
MAIL_LENGTH_MAX = 20_000
# Ten parts of 67 characters, which is what a phone puts together again.
SMS_LENGTH_MAX = 670
COUNTED_MAX = 100_000

Channel = Literal["mail", "phone"]
CHANNELS: tuple[Channel, ...] = ("mail", "phone")

_WRITE = "INSERT INTO kit.outgoing_messages (id, channel, message, expires_at) VALUES ($1, $2, $3, $4)"
_CLAIM = """
    UPDATE kit.outgoing_messages AS m
    SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $3)
    WHERE id IN (
        SELECT id FROM kit.outgoing_messages
        WHERE state = 'waiting' AND channel = $1 AND next_attempt_at <= now() AND expires_at > now()
        ORDER BY next_attempt_at LIMIT $2
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, message, attempts, created_at
"""
_SETTLE = """
    UPDATE kit.outgoing_messages SET state = $2, last_error = $3, message = NULL, settled_at = now()
    WHERE id = $1 AND state = 'waiting'
"""
_POSTPONE = """
    UPDATE kit.outgoing_messages
    SET last_error = $3, next_attempt_at = least(now() + make_interval(secs => $4), expires_at)
    WHERE id = $1 AND attempts = $2 AND state = 'waiting'
"""
# One that a process is sending at this moment may still be sent: its lease has to end first.
_EXPIRE = """
    UPDATE kit.outgoing_messages SET state = 'expired', message = NULL, settled_at = now()
    WHERE id IN (
        SELECT id FROM kit.outgoing_messages
        WHERE state = 'waiting' AND channel = $1 AND next_attempt_at <= now() AND expires_at <= now()
        ORDER BY next_attempt_at LIMIT $2
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, attempts
"""
_PURGE = """
    DELETE FROM kit.outgoing_messages WHERE id IN (
        SELECT id FROM kit.outgoing_messages WHERE settled_at < now() - make_interval(days => $2)
        ORDER BY settled_at LIMIT $1
    )
"""
_MEASURE = """
    SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest_s
    FROM (
        SELECT created_at FROM kit.outgoing_messages WHERE state = 'waiting' AND channel = $1 LIMIT $2
    ) AS waiting
"""


class Mail(msgspec.Struct, frozen=True, tag="mail", tag_field="kind"):
    """An e-mail in plain text.

    Attributes:
        to: One address.
        subject: One line.
    """

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        """Refuse what no service of ours should make: a header of its own, a text without end."""
        for field, longest in ((self.to, SUBJECT_LENGTH_MAX), (self.subject, SUBJECT_LENGTH_MAX)):
            if field.splitlines() != [field] or "\0" in field or len(field) > longest:
                raise ValueError("the address and the subject of a mail are one line each")
        if len(self.text) > MAIL_LENGTH_MAX:
            raise ValueError(f"a mail has {MAIL_LENGTH_MAX} characters at most")

    def __repr__(self) -> str:
        return "Mail(…)"


class Sms(msgspec.Struct, frozen=True, tag="sms", tag_field="kind"):
    """A text message to a phone; `to` is E.164."""

    to: str
    text: str

    def __post_init__(self) -> None:
        """Refuse a text that no phone would put together again."""
        if not 0 < len(self.text) <= SMS_LENGTH_MAX:
            raise ValueError(f"a text message has 1 to {SMS_LENGTH_MAX} characters")

    def __repr__(self) -> str:
        return "Sms(…)"


class Call(msgspec.Struct, frozen=True, tag="call", tag_field="kind"):
    """A call that proves who has a phone; `to` is E.164.

    Attributes:
        code: Digits: the last of the number that calls (`flash_call`), or what a voice reads out (`voice_call`). Empty where
            the person calls us (`reverse_call`): the gateway then only notes that they did.
    """

    to: str
    code: str
    method: Literal["flash_call", "voice_call", "reverse_call"] = "flash_call"

    def __repr__(self) -> str:
        return "Call(…)"


Message = Mail | Sms | Call


class Claimed(msgspec.Struct, frozen=True):
    """A message that this process is to send now.

    Attributes:
        attempts: How many there have been, this one included.
    """

    id: UUID
    message: Message
    attempts: int
    created_at: datetime


class Expired(msgspec.Struct, frozen=True):
    """A message whose time is over."""

    id: UUID
    attempts: int


class Backlog(msgspec.Struct, frozen=True):
    """How much waits, and for how long the oldest has."""

    count: int
    oldest_s: float


class Outgoing:
    """Where one service puts what is to be sent.

    Attributes:
        written: Set after each commit that left something for the channel.
    """

    def __init__(self, new_id: IdSource) -> None:
        self._new_id = new_id
        self.written: dict[Channel, asyncio.Event] = {channel: asyncio.Event() for channel in CHANNELS}

    async def send(self, tx: Transaction, message: Message, *, expires_at: datetime) -> UUID:
        """Send a message once this transaction has committed; return its id.

        Args:
            tx: The transaction of the change that needs it.
            message: What to send.
            expires_at: After this it is of no use: it is not sent, and what it said is forgotten.
        """
        message_id = self._new_id()
        channel: Channel = "mail" if isinstance(message, Mail) else "phone"
        await tx.execute(_WRITE, message_id, channel, msgspec.to_builtins(message), expires_at)
        tx.wakes.add(self.written[channel])
        return message_id


async def claim(database: Database, channel: Channel, *, count: int, lease_s: float) -> list[Claimed]:
    """Take up to `count` messages that are due; nobody else gets them for `lease_s`."""
    async with database.transaction() as tx:
        return await tx.fetch(_CLAIM, channel, count, lease_s, into=Claimed)


async def settle(
    database: Database, message_id: UUID, state: Literal["sent", "refused"], error: str | None = None
) -> None:
    """Note that a message has left, or never will, and forget what it said."""
    async with database.transaction() as tx:
        await tx.execute(_SETTLE, message_id, state, error)


async def postpone(database: Database, claimed: Claimed, error: str, *, pause_s: float) -> None:
    """Let a message be tried again after a pause."""
    async with database.transaction() as tx:
        await tx.execute(_POSTPONE, claimed.id, claimed.attempts, error, pause_s)


async def expire(database: Database, channel: Channel, *, count: int) -> Sequence[Expired]:
    """Give up to `count` messages up whose time is over, and return them."""
    async with database.transaction() as tx:
        return await tx.fetch(_EXPIRE, channel, count, into=Expired)


async def purge(database: Database, *, count: int, kept_days: int) -> int:
    """Delete up to `count` rows of messages settled long ago, and return how many."""
    async with database.transaction() as tx:
        return await tx.execute(_PURGE, count, kept_days)


async def backlog(database: Database, channel: Channel) -> Backlog:
    """Return how much waits."""
    found = await database.fetch_one(_MEASURE, channel, COUNTED_MAX, into=Backlog)
    return found or Backlog(0, 0.0)
