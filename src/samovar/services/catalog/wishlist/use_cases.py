"""What one can do with what one wants and what one does not want to see."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.catalog.apps import sight
from samovar.services.catalog.attention import wishes as attention
from samovar.services.catalog.domain import EVERYWHERE, Viewer
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.ownership import owned
from samovar.services.catalog.packages import offers
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.viewers.audience import Audience
from samovar.services.catalog.wishlist import repository
from samovar.services.catalog.wishlist.domain import (
    IGNORED_MAX,
    WISHES_MAX,
    Wish,
    WishKey,
    WishPrice,
    WishSort,
    key_of,
)
from samovar.services.catalog.wishlist.errors import AlreadyOwned, AppIgnored, ListFull
from samovar.services.catalog.wishlist.repository import SinceKey
from samovar.services.catalog.wishlist.schemas import (
    IgnoredItem,
    IgnoredState,
    WishCount,
    WishItem,
    WishState,
)

REPORT = "catalog.wishlist.read"


class Wishlists:
    """The games that somebody wants, in an order of their own."""

    def __init__(self, database: Database, *, audience: Audience, items: Items, clock: Clock) -> None:
        self._database = database
        self._audience = audience
        self._items = items
        self._clock = clock

    async def put(self, caller: Caller, app_id: UUID, rank: int | None) -> WishState:
        """Want a game, or give it another place; asked again, nothing changes.

        Raises:
            AppNotFound: There is no such app, or none that the caller may see.
            AgeRestricted: It is above the caller's age level.
            AlreadyOwned: The caller has it, and not on trial or of their family.
            AppIgnored: The caller does not want to see it.
            ListFull: The list holds as much as it may.
        """
        await sight.of(self._database, app_id, await self._audience.of(caller))
        account_id = caller.account_id
        async with self._database.transaction() as tx:
            holder = await repository.hold(tx, account_id)
            total, wish = holder.wishes, await repository.find_wish(tx, account_id, app_id)
            if wish is None:
                # Read under the lock: whoever brings what library tells of licences takes it as well.
                if await owned.keeps(tx, account_id, app_id):
                    raise AlreadyOwned(f"{account_id} has {app_id}")
                if await repository.find_ignored(tx, account_id, app_id):
                    raise AppIgnored(f"{account_id} ignores {app_id}")
                if total >= WISHES_MAX:
                    raise ListFull(f"{total} wishes", limit=WISHES_MAX)
                total += 1
                wish = repository.Ranked(app_id, total, self._clock.now())
                await repository.insert_wish(tx, account_id, app_id, total, wish.added_at)
                await repository.count(tx, account_id, wishes=1)
                await attention.count(tx, account_id, [app_id], "added", wish.added_at)
            place = wish.rank if rank is None else min(rank, total)
            if place != wish.rank:
                await repository.move_wish(tx, account_id, app_id, rank=wish.rank, to=place)
        return WishState(game_id=app_id, rank=place, added_at=wish.added_at, total=total)

    async def remove(self, caller: Caller, app_id: UUID) -> None:
        """Want a game no longer, if one did."""
        async with self._database.transaction() as tx:
            await repository.hold(tx, caller.account_id)
            gone = await repository.delete_wishes(tx, caller.account_id, [app_id])
            await repository.count(tx, caller.account_id, wishes=-len(gone))
            await attention.count(tx, caller.account_id, gone, "removed", self._clock.now())

    async def list_wishes(
        self,
        caller: Caller,
        *,
        sort: WishSort,
        country: str | None,
        accept_language: str | None,
        cursor: str | None,
        limit: int,
    ) -> Page[WishItem]:
        """Return what the caller wants, as far as it is shown to them.

        Raises:
            InvalidInput: There is no such country, or the cursor is not one of this list and order.
        """
        viewer = await self._audience.of(caller, country=country, language=accept_language)
        after = decode_cursor(cursor, WishKey)
        if after is not None and after.sort != sort:
            fault = FieldError("cursor", "cursor_invalid", "a cursor of another order")
            raise InvalidInput(f"a cursor of {after.sort}", fields=[fault])
        # A list is short: it is put in order here, by what it costs the one who looks.
        wishes = [
            wish
            for wish in await repository.list_wishes(self._database, caller.account_id, viewer.language)
            if wish.state == "published" and viewer.may_see(wish.age_rating, wish.visible or EVERYWHERE)
        ]
        prices = await self._prices(wishes, viewer) if sort in {"discount", "price"} else {}
        placed = sorted(
            ((key_of(wish, sort, prices.get(wish.app_id)), wish) for wish in wishes), key=_place_of
        )
        rest = [(key, wish) for key, wish in placed if after is None or _after(key, after)]
        page = page_of(rest[: limit + 1], limit, lambda placed_wish: placed_wish[0], total=len(wishes))
        listed = await self._items.of([wish.app_id for _, wish in page.items], viewer)
        games = {item.id: item for item in listed.items}
        found = [
            WishItem(game=games[wish.app_id], rank=wish.rank, added_at=wish.added_at)
            for _, wish in page.items
            if wish.app_id in games
        ]
        return Page(found, page.next_cursor, page.total)

    async def _prices(self, wishes: Sequence[Wish], viewer: Viewer) -> dict[UUID, WishPrice]:
        offered = await offers.of(self._database, [wish.app_id for wish in wishes], viewer.country)
        first = {
            app_id: found[0].package_id for app_id, found in offered.items() if found and found[0].is_listed
        }
        prices = await Pricing.of(self._database, list(first.values()), viewer.country, self._clock.now())
        return {
            app_id: WishPrice(prices[package_id].final.amount, prices[package_id].discount_percent)
            for app_id, package_id in first.items()
            if package_id in prices
        }


class IgnoredApps:
    """The games that somebody does not want to be shown in lists."""

    def __init__(self, database: Database, *, audience: Audience, items: Items, clock: Clock) -> None:
        self._database = database
        self._audience = audience
        self._items = items
        self._clock = clock

    async def put(self, caller: Caller, app_id: UUID) -> IgnoredState:
        """Be shown a game no longer; it leaves the wishlist. Asked again, nothing changes.

        Raises:
            AppNotFound: There is no such app, or none that the caller may see.
            AgeRestricted: It is above the caller's age level.
            ListFull: The list holds as much as it may.
        """
        await sight.of(self._database, app_id, await self._audience.of(caller))
        account_id = caller.account_id
        async with self._database.transaction() as tx:
            holder = await repository.hold(tx, account_id)
            since = await repository.find_ignored(tx, account_id, app_id)
            if since is None:
                if holder.ignored >= IGNORED_MAX:
                    raise ListFull(f"{holder.ignored} ignored", limit=IGNORED_MAX)
                since = self._clock.now()
                await repository.insert_ignored(tx, account_id, app_id, since)
                gone = await repository.delete_wishes(tx, account_id, [app_id])
                await repository.count(tx, account_id, ignored=1, wishes=-len(gone))
                await attention.count(tx, account_id, gone, "removed", since)
        return IgnoredState(game_id=app_id, since=since)

    async def remove(self, caller: Caller, app_id: UUID) -> None:
        """Be shown a game again, if one was not."""
        async with self._database.transaction() as tx:
            await repository.hold(tx, caller.account_id)
            gone = await repository.delete_ignored(tx, caller.account_id, app_id)
            await repository.count(tx, caller.account_id, ignored=-gone)

    async def list_ignored(
        self,
        caller: Caller,
        *,
        country: str | None,
        accept_language: str | None,
        cursor: str | None,
        limit: int,
    ) -> Page[IgnoredItem]:
        """Return what the caller does not want to be shown, the latest first.

        Raises:
            InvalidInput: There is no such country, or the cursor is not one of this list.
        """
        viewer = await self._audience.of(caller, country=country, language=accept_language)
        rows = await repository.list_ignored(
            self._database, caller.account_id, decode_cursor(cursor, SinceKey), limit + 1
        )
        page = page_of(rows, limit, lambda row: SinceKey(row.since, row.app_id))
        listed = await self._items.of([row.app_id for row in page.items], viewer)
        games = {item.id: item for item in listed.items}
        found = [
            IgnoredItem(game=games[row.app_id], since=row.since) for row in page.items if row.app_id in games
        ]
        return Page(found, page.next_cursor)


class WishReports:
    """What developers learn of wishlists: counts, never people.

    Args:
        rights: Decide who may look: everybody of the game's organisation, and staff.
    """

    def __init__(self, database: Database, *, rights: Rights) -> None:
        self._database = database
        self._rights = rights

    async def count(self, caller: Caller, app_id: UUID) -> WishCount:
        """Return how many people want a game.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to know.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        return WishCount(
            game_id=app_id, wishlisted=await repository.count_wishes_of_app(self._database, app_id)
        )


def _place_of(placed: tuple[WishKey, Wish]) -> tuple[int | str, bytes]:
    return placed[0].value, placed[0].app_id.bytes


def _after(key: WishKey, last: WishKey) -> bool:
    if isinstance(key.value, int) and isinstance(last.value, int):
        return (key.value, key.app_id.bytes) > (last.value, last.app_id.bytes)
    return (str(key.value), key.app_id.bytes) > (str(last.value), last.app_id.bytes)
