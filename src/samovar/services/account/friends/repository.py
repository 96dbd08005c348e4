"""The SQL of friends."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.friends.domain import (
    STRANGERS,
    Circle,
    Pending,
    Relation,
    Request,
    RequestState,
    Seen,
    Side,
    seen,
)

Reader = Database | Transaction

_INCOMING = """
    SELECT request_id AS id, request_sent_at AS sent_at, request_sender_id AS account_id FROM relations
    WHERE request_recipient_id = $1 AND request_state = 'pending' AND NOT request_withheld
      AND ($2::uuid IS NULL OR request_id < $2)
    ORDER BY request_id DESC LIMIT $3
"""
_OUTGOING = """
    SELECT request_id AS id, request_sent_at AS sent_at, request_recipient_id AS account_id FROM relations
    WHERE request_sender_id = $1 AND request_state = 'pending' AND ($2::uuid IS NULL OR request_id < $2)
    ORDER BY request_id DESC LIMIT $3
"""


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    """A relation as its row."""

    low_id: UUID
    high_id: UUID
    version: int
    friends_since: datetime | None
    request_id: UUID | None
    request_sender_id: UUID | None
    request_state: RequestState | None
    request_sent_at: datetime | None
    request_withheld: bool
    low_declines: int
    low_may_ask_at: datetime | None
    low_blocks_since: datetime | None
    low_nickname: str | None
    low_favourite: bool
    high_declines: int
    high_may_ask_at: datetime | None
    high_blocks_since: datetime | None
    high_nickname: str | None
    high_favourite: bool

    def relation(self) -> Relation:
        """Return what the row says."""
        return Relation(
            low_id=self.low_id,
            high_id=self.high_id,
            version=self.version,
            friends_since=self.friends_since,
            request=self._request(),
            low=Side(
                declines=self.low_declines,
                may_ask_at=self.low_may_ask_at,
                blocks_since=self.low_blocks_since,
                nickname=self.low_nickname,
                favourite=self.low_favourite,
            ),
            high=Side(
                declines=self.high_declines,
                may_ask_at=self.high_may_ask_at,
                blocks_since=self.high_blocks_since,
                nickname=self.high_nickname,
                favourite=self.high_favourite,
            ),
        )

    def _request(self) -> Request | None:
        if not (self.request_id and self.request_sender_id and self.request_state and self.request_sent_at):
            return None
        return Request(
            id=self.request_id,
            sender_id=self.request_sender_id,
            state=self.request_state,
            sent_at=self.request_sent_at,
            withheld=self.request_withheld,
        )


class _Circle(Circle, frozen=True, kw_only=True):
    id: UUID


class ListedFriend(msgspec.Struct, frozen=True, kw_only=True):
    """A friend of somebody."""

    account_id: UUID
    nickname: str | None
    favourite: bool
    since: datetime


class ListedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A pending request, with the account at its other end."""

    id: UUID
    account_id: UUID
    sent_at: datetime


class ListedBlock(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is blocked."""

    account_id: UUID
    since: datetime


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """A friendship as other services copy it."""

    account_id: UUID
    since: datetime
    version: int


class FriendKey(msgspec.Struct, frozen=True):
    """The place in a list of friends."""

    favourite: bool
    since: datetime
    account_id: UUID


class RequestKey(msgspec.Struct, frozen=True):
    """The place in a list of requests."""

    id: UUID


class BlockKey(msgspec.Struct, frozen=True):
    """The place in a list of blocks."""

    since: datetime
    account_id: UUID


async def relations_of(reader: Reader, viewer_id: UUID, other_ids: Iterable[UUID]) -> dict[UUID, Seen]:
    """Return what each of the others is to the viewer; strangers and unknown ones, too. Other rooms call it.

    Args:
        reader: The database, or the transaction that decides by it.
        viewer_id: Whose eyes.
        other_ids: At most some hundreds.
    """
    wanted = list(dict.fromkeys(other_ids))
    rows = await reader.fetch(
        """
        SELECT * FROM relations WHERE low_id = $1 AND high_id = ANY($2)
        UNION ALL
        SELECT * FROM relations WHERE high_id = $1 AND low_id = ANY($2)
        """,
        viewer_id,
        wanted,
        into=_Row,
    )
    relations = [row.relation() for row in rows]
    known = {relation.other(viewer_id): seen(relation, viewer_id) for relation in relations}
    return {other_id: known.get(other_id, STRANGERS) for other_id in wanted}


async def lock_relation(tx: Transaction, one: UUID, other: UUID) -> Relation:
    """Return what two accounts are to each other, for changing it; the caller holds both accounts."""
    blank = Relation.between(one, other)
    row = await tx.fetch_one(
        "SELECT * FROM relations WHERE low_id = $1 AND high_id = $2 FOR UPDATE",
        blank.low_id,
        blank.high_id,
        into=_Row,
    )
    return row.relation() if row else blank


async def find_pair_of(database: Database, request_id: UUID) -> Relation | None:
    """Return the relation to which a request belongs."""
    row = await database.fetch_one(
        "SELECT * FROM relations WHERE request_id = $1",
        request_id,
        into=_Row,
    )
    return row.relation() if row else None


async def save_relation(tx: Transaction, relation: Relation) -> None:
    """Keep a relation that this transaction has locked."""
    request = relation.request
    await tx.execute(
        """
        INSERT INTO relations (
            low_id, high_id, version, friends_since,
            request_id, request_sender_id, request_state, request_sent_at, request_withheld,
            low_declines, low_may_ask_at, low_blocks_since, low_nickname, low_favourite,
            high_declines, high_may_ask_at, high_blocks_since, high_nickname, high_favourite, request_recipient_id
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        ON CONFLICT (low_id, high_id) DO UPDATE SET
            version = excluded.version, friends_since = excluded.friends_since, request_id = excluded.request_id,
            request_sender_id = excluded.request_sender_id, request_recipient_id = excluded.request_recipient_id,
            request_state = excluded.request_state, request_sent_at = excluded.request_sent_at,
            request_withheld = excluded.request_withheld,
            low_declines = excluded.low_declines, low_may_ask_at = excluded.low_may_ask_at,
            low_blocks_since = excluded.low_blocks_since, low_nickname = excluded.low_nickname,
            low_favourite = excluded.low_favourite,
            high_declines = excluded.high_declines, high_may_ask_at = excluded.high_may_ask_at,
            high_blocks_since = excluded.high_blocks_since, high_nickname = excluded.high_nickname,
            high_favourite = excluded.high_favourite
        """,
        relation.low_id,
        relation.high_id,
        relation.version,
        relation.friends_since,
        request and request.id,
        request and request.sender_id,
        request and request.state,
        request and request.sent_at,
        bool(request and request.withheld),
        *msgspec.structs.astuple(relation.low),
        *msgspec.structs.astuple(relation.high),
        request and relation.other(request.sender_id),
    )


async def count_circles(tx: Transaction, account_ids: Iterable[UUID]) -> dict[UUID, Circle]:
    """Return how much each account has of what is limited; true until the end of the transaction that holds them."""
    rows = await tx.fetch(
        """
        SELECT a.id, k.full_at AS asks_full_at,
            (SELECT count(*) FROM relation_sides s WHERE s.account_id = a.id AND s.friends_since IS NOT NULL) AS friends,
            (SELECT count(*) FROM relation_sides s WHERE s.account_id = a.id AND s.blocks_since IS NOT NULL) AS blocks,
            (SELECT count(*) FROM relations r WHERE r.request_sender_id = a.id AND r.request_state = 'pending') AS outgoing
        FROM accounts a LEFT JOIN friend_asks k ON k.account_id = a.id
        WHERE a.id = ANY($1)
        """,
        list(account_ids),
        into=_Circle,
    )
    return {row.id: row for row in rows}


async def save_asks(tx: Transaction, account_id: UUID, full_at: datetime) -> None:
    """Note when an account's requests of a day are all available again."""
    await tx.execute(
        """
        INSERT INTO friend_asks (account_id, full_at) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET full_at = excluded.full_at
        """,
        account_id,
        full_at,
    )


async def expire_requests(tx: Transaction, sent_before: datetime, limit: int) -> list[Relation]:
    """Close up to `limit` requests that nobody has answered, and return their relations as they are then.

    A pair that somebody is changing is left for the next time.
    """
    rows = await tx.fetch(
        """
        UPDATE relations
        SET request_state = 'expired', version = version + CASE WHEN request_withheld THEN 0 ELSE 1 END
        WHERE (low_id, high_id) IN (
            SELECT low_id, high_id FROM relations
            WHERE request_state = 'pending' AND request_sent_at < $1
            ORDER BY request_sent_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        RETURNING *
        """,
        sent_before,
        limit,
        into=_Row,
    )
    return [row.relation() for row in rows]


async def list_friends(
    database: Database, account_id: UUID, after: FriendKey | None, limit: int
) -> list[ListedFriend]:
    """Return friends: favourites first, then the newest."""
    return await database.fetch(
        """
        SELECT other_id AS account_id, nickname, favourite, friends_since AS since FROM relation_sides
        WHERE account_id = $1 AND friends_since IS NOT NULL
          AND ($2::boolean IS NULL OR (favourite, friends_since, other_id) < ($2, $3::timestamptz, $4::uuid))
        ORDER BY favourite DESC, friends_since DESC, other_id DESC
        LIMIT $5
        """,
        account_id,
        *(msgspec.structs.astuple(after) if after else (None, None, None)),
        limit,
        into=ListedFriend,
    )


async def find_friend(database: Database, account_id: UUID, friend_id: UUID) -> ListedFriend | None:
    """Return one friend of an account."""
    return await database.fetch_one(
        """
        SELECT other_id AS account_id, nickname, favourite, friends_since AS since FROM relation_sides
        WHERE account_id = $1 AND other_id = $2 AND friends_since IS NOT NULL
        """,
        account_id,
        friend_id,
        into=ListedFriend,
    )


async def count_friends(database: Database, account_id: UUID) -> int:
    """Return how many friends an account has."""
    count: int = await database.fetch_value(
        "SELECT count(*) FROM relation_sides WHERE account_id = $1 AND friends_since IS NOT NULL", account_id
    )
    return count


async def list_ties(database: Reader, account_id: UUID, after_id: UUID | None, limit: int) -> list[Tie]:
    """Return the friendships of an account in the order of the friends' ids."""
    return await database.fetch(
        """
        SELECT other_id AS account_id, friends_since AS since, version FROM relation_sides
        WHERE account_id = $1 AND friends_since IS NOT NULL AND ($2::uuid IS NULL OR other_id > $2)
        ORDER BY other_id LIMIT $3
        """,
        account_id,
        after_id,
        limit,
        into=Tie,
    )


async def list_requests(
    database: Database, account_id: UUID, direction: Pending, after: RequestKey | None, limit: int
) -> list[ListedRequest]:
    """Return the pending requests to or from an account, the newest first."""
    return await database.fetch(
        _INCOMING if direction == "incoming" else _OUTGOING,
        account_id,
        after and after.id,
        limit,
        into=ListedRequest,
    )


async def list_blocks(
    database: Database, account_id: UUID, after: BlockKey | None, limit: int
) -> list[ListedBlock]:
    """Return whom an account blocks, the newest first."""
    return await database.fetch(
        """
        SELECT other_id AS account_id, blocks_since AS since FROM relation_sides
        WHERE account_id = $1 AND blocks_since IS NOT NULL
          AND ($2::timestamptz IS NULL OR (blocks_since, other_id) < ($2, $3::uuid))
        ORDER BY blocks_since DESC, other_id DESC
        LIMIT $4
        """,
        account_id,
        *(msgspec.structs.astuple(after) if after else (None, None)),
        limit,
        into=ListedBlock,
    )
