"""What one can do with friends, requests and blocks."""

from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.account.errors import AccountNotFound
from samovar.services.account.friends import blocks, domain, repository, requests
from samovar.services.account.friends.domain import Change, FriendLimits, Relation
from samovar.services.account.friends.errors import FriendNotFound, RequestNotFound
from samovar.services.account.friends.pairs import Decide, Pairs
from samovar.services.account.friends.repository import BlockKey, FriendKey, ListedFriend, RequestKey
from samovar.services.account.friends.schemas import (
    AskState,
    Blocked,
    BlockState,
    Direction,
    Friend,
    FriendChange,
    PendingRequest,
)
from samovar.services.account.profiles.cards import cards_of
from samovar.services.account.profiles.schemas import Card

EXPIRED_AT_ONCE_MAX = 200


class FriendRequests:
    """Asking others to be friends, and answering them."""

    def __init__(
        self,
        database: Database,
        *,
        pairs: Pairs,
        limits: FriendLimits,
        ttl: timedelta,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._pairs = pairs
        self._limits = limits
        self._ttl = ttl
        self._clock = clock
        self._new_id = new_id

    async def send(self, account_id: UUID, other_id: UUID) -> AskState:
        """Ask another to be friends; see `requests.ask`.

        Raises:
            InvalidInput: The other is the caller.
            AccountNotFound: There is no such account.
            Conflict: A limit is reached, or the caller blocks the other.
            RateLimited: It is too soon to ask.
        """
        relation = await self._pairs.change(
            account_id,
            other_id,
            lambda relation, circles: requests.ask(
                relation,
                account_id,
                request_id=self._new_id(),
                now=self._clock.now(),
                circles=circles,
                limits=self._limits,
            ),
        )
        return _state(relation)

    async def accept(self, account_id: UUID, request_id: UUID) -> AskState:
        """Become friends with who asked.

        Raises:
            RequestNotFound: There is no such request to the caller.
            Conflict: It is closed, or one of the two has no room for one more.
        """
        return await self._answer(
            account_id,
            request_id,
            lambda relation, circles: requests.accept(
                relation,
                account_id,
                request_id,
                now=self._clock.now(),
                circles=circles,
                limits=self._limits,
            ),
        )

    async def decline(self, account_id: UUID, request_id: UUID) -> AskState:
        """Refuse a request; its sender is not told.

        Raises:
            RequestNotFound: There is no such request to the caller.
            Conflict: It was accepted or is closed.
        """
        return await self._answer(
            account_id,
            request_id,
            lambda relation, _circles: requests.decline(
                relation,
                account_id,
                request_id,
                now=self._clock.now(),
                cooldown=self._limits.cooldown,
            ),
        )

    async def cancel(self, account_id: UUID, request_id: UUID) -> None:
        """Take back a request of one's own.

        Raises:
            RequestNotFound: There is no such request of the caller.
            RequestAccepted: They are friends already.
        """
        await self._answer(
            account_id,
            request_id,
            lambda relation, _circles: requests.cancel(
                relation, account_id, request_id, now=self._clock.now()
            ),
        )

    async def list_pending(
        self, account_id: UUID, direction: Direction, cursor: str | None, limit: int
    ) -> Page[PendingRequest]:
        """Return pending requests, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, RequestKey)
        rows = await repository.list_requests(self._database, account_id, direction, after, limit + 1)
        page = page_of(rows, limit, lambda row: RequestKey(row.id))
        cards = await cards_of(self._database, [row.account_id for row in page.items])
        pending = [
            PendingRequest(
                id=row.id,
                account=cards[row.account_id],
                sent_at=row.sent_at,
                expires_at=row.sent_at + self._ttl,
            )
            for row in page.items
            if row.account_id in cards
        ]
        return Page(pending, page.next_cursor)

    async def expire_old(self) -> None:
        """Close the requests that nobody has answered in time."""
        expired = EXPIRED_AT_ONCE_MAX
        while expired == EXPIRED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                relations = await repository.expire_requests(tx, now - self._ttl, EXPIRED_AT_ONCE_MAX)
                for relation in relations:
                    if relation.request and not relation.request.withheld:
                        await tx.publish(requests.closed_event(relation, relation.request, "expired", now))
            expired = len(relations)

    async def _answer(self, account_id: UUID, request_id: UUID, decide: Decide) -> AskState:
        """Change the relation that a request belongs to; what is read before the locks only says which it is."""
        found = await repository.find_pair_of(self._database, request_id)
        if found is None or account_id not in (found.low_id, found.high_id):
            raise RequestNotFound
        return _state(await self._pairs.change(account_id, found.other(account_id), decide))


class Friends:
    """The friends that somebody has."""

    def __init__(self, database: Database, *, pairs: Pairs, clock: Clock) -> None:
        self._database = database
        self._pairs = pairs
        self._clock = clock

    async def list_friends(self, account_id: UUID, cursor: str | None, limit: int) -> Page[Friend]:
        """Return friends: favourites first, then the newest.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, FriendKey)
        rows = await repository.list_friends(self._database, account_id, after, limit + 1)
        total = await repository.count_friends(self._database, account_id)
        page = page_of(
            rows, limit, lambda friend: FriendKey(friend.favourite, friend.since, friend.account_id)
        )
        cards = await cards_of(self._database, [row.account_id for row in page.items])
        friends = [_friend(row, cards[row.account_id]) for row in page.items if row.account_id in cards]
        return Page(friends, page.next_cursor, total)

    async def note(self, account_id: UUID, friend_id: UUID, change: FriendChange) -> Friend:
        """Set what the caller calls a friend, and whether they come first.

        Raises:
            InvalidInput: Nobody could read the nickname.
            FriendNotFound: The other is no friend.
        """
        nickname = change.nickname
        if nickname is not UNSET:
            try:
                nickname = domain.nickname_of(nickname)
            except ValueError:
                fault = FieldError("nickname", "nickname_unprintable", "nothing to see in it")
                raise InvalidInput(fields=[fault]) from None

        def decide(relation: Relation, _circles: object) -> Change:
            mine = relation.side(account_id)
            return Change(
                domain.note(
                    relation,
                    account_id,
                    nickname=mine.nickname if nickname is UNSET else nickname,
                    favourite=mine.favourite if change.favourite is UNSET else change.favourite,
                )
            )

        try:
            await self._pairs.change(account_id, friend_id, decide)
        except AccountNotFound:
            raise FriendNotFound from None
        row = await repository.find_friend(self._database, account_id, friend_id)
        cards = await cards_of(self._database, [friend_id])
        if row is None or friend_id not in cards:
            raise FriendNotFound
        return _friend(row, cards[friend_id])

    async def end(self, account_id: UUID, friend_id: UUID) -> None:
        """End a friendship, if there is one."""
        await _quietly(
            self._pairs,
            account_id,
            friend_id,
            lambda relation, _circles: blocks.end_friendship(relation, account_id, now=self._clock.now()),
        )


class Blocks:
    """Whom somebody does not want to meet."""

    def __init__(self, database: Database, *, pairs: Pairs, limits: FriendLimits, clock: Clock) -> None:
        self._database = database
        self._pairs = pairs
        self._limits = limits
        self._clock = clock

    async def add(self, account_id: UUID, other_id: UUID) -> BlockState:
        """Block another; friendship and requests between the two end.

        Raises:
            InvalidInput: The other is the caller.
            AccountNotFound: There is no such account.
            TooManyBlocks: The caller blocks as many as one may.
        """
        now = self._clock.now()
        relation = await self._pairs.change(
            account_id,
            other_id,
            lambda relation, circles: blocks.block(
                relation, account_id, now=now, circle=circles[account_id], limits=self._limits
            ),
        )
        return BlockState(other_id, relation.side(account_id).blocks_since or now)

    async def remove(self, account_id: UUID, other_id: UUID) -> None:
        """Block another no longer, if they are blocked."""
        await _quietly(
            self._pairs,
            account_id,
            other_id,
            lambda relation, _circles: blocks.unblock(relation, account_id, now=self._clock.now()),
        )

    async def list_blocked(self, account_id: UUID, cursor: str | None, limit: int) -> Page[Blocked]:
        """Return whom the caller blocks, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, BlockKey)
        rows = await repository.list_blocks(self._database, account_id, after, limit + 1)
        page = page_of(rows, limit, lambda blocked: BlockKey(blocked.since, blocked.account_id))
        cards = await cards_of(self._database, [row.account_id for row in page.items])
        blocked = [
            Blocked(**msgspec.structs.asdict(cards[row.account_id]), since=row.since)
            for row in page.items
            if row.account_id in cards
        ]
        return Page(blocked, page.next_cursor)


async def _quietly(pairs: Pairs, account_id: UUID, other_id: UUID, decide: Decide) -> None:
    """Take something away from a pair; where nobody is, nothing is to be taken away."""
    try:
        await pairs.change(account_id, other_id, decide)
    except AccountNotFound:
        return


def _state(relation: Relation) -> AskState:
    if relation.request is None:
        raise RequestNotFound
    return AskState(relation.request.id, relation.request.state)


def _friend(row: ListedFriend, card: Card) -> Friend:
    return Friend(
        **msgspec.structs.asdict(card), nickname=row.nickname, favourite=row.favourite, since=row.since
    )
