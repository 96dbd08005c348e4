"""What one can do with developers and publishers."""

from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.catalog.errors import CreatorNotFound
from samovar.services.catalog.wishlist import repository as lists
from samovar.services.catalog.wishlist.domain import FOLLOWED_MAX
from samovar.services.catalog.wishlist.errors import ListFull
from samovar.services.catalog.wishlist.following import repository
from samovar.services.catalog.wishlist.repository import SinceKey
from samovar.services.catalog.wishlist.schemas import FollowedCreator


class Following:
    """Whom somebody follows."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, caller: Caller, creator_id: UUID) -> FollowedCreator:
        """Follow a developer or publisher; asked again, nothing changes.

        Raises:
            CreatorNotFound: There is no such one.
            ListFull: The caller follows as many as one may.
        """
        account_id = caller.account_id
        async with self._database.transaction() as tx:
            holder = await lists.hold(tx, account_id)
            creator = await repository.lock_creator(tx, creator_id)
            if creator is None:
                raise CreatorNotFound(f"{creator_id}")
            since, followers = await repository.find_since(tx, account_id, creator_id), creator.followers
            if since is None:
                if holder.followed >= FOLLOWED_MAX:
                    raise ListFull(f"{holder.followed} followed", limit=FOLLOWED_MAX)
                since, followers = self._clock.now(), followers + 1
                await repository.insert_followed(tx, account_id, creator_id, since)
                await repository.count_followers(tx, creator_id, 1)
                await lists.count(tx, account_id, followed=1)
        return FollowedCreator(
            id=creator.id, slug=creator.slug, name=creator.name, followers=followers, since=since
        )

    async def remove(self, caller: Caller, creator_id: UUID) -> None:
        """Follow a developer or publisher no longer, if one did."""
        async with self._database.transaction() as tx:
            await lists.hold(tx, caller.account_id)
            gone = await repository.delete_followed(tx, caller.account_id, creator_id)
            if gone:
                await repository.count_followers(tx, creator_id, -gone)
                await lists.count(tx, caller.account_id, followed=-gone)

    async def list_followed(self, caller: Caller, *, cursor: str | None, limit: int) -> Page[FollowedCreator]:
        """Return whom the caller follows, the latest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        rows = await repository.list_followed(
            self._database, caller.account_id, decode_cursor(cursor, SinceKey), limit + 1
        )
        page = page_of(rows, limit, lambda row: SinceKey(row.since, row.id))
        return Page([FollowedCreator(**msgspec.structs.asdict(row)) for row in page.items], page.next_cursor)
