"""What the player has, as screens need it: games, collections, play time, achievements, the queues of devices."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path

PAGE_SIZE = 48
SORTS = ("added", "played", "play_time", "title")


class ShelfContent(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs to a game that the player has, and is the player's as well; `titles` may not be known yet."""

    game_id: str
    titles: dict[str, str] = {}
    kind: str | None = None
    access: str = "owned"


class ShelfGame(msgspec.Struct, frozen=True, kw_only=True):
    """A game that the player has, may borrow, or had; `access` is `owned`, `trial`, `family`, `expired` or `revoked`."""

    game_id: str
    since: datetime
    titles: dict[str, str] = {}
    slug: str | None = None
    kind: str | None = None
    capsule_url: str | None = None
    access: str = "owned"
    play_minutes: int = 0
    last_played_at: datetime | None = None
    is_hidden: bool = False
    is_favourite: bool = False
    collection_ids: list[str] = []
    contents: list[ShelfContent] = []


class ShelfGames(msgspec.Struct, frozen=True):
    """A page of games."""

    items: list[ShelfGame] = []
    next_cursor: str | None = None


class Collection(msgspec.Struct, frozen=True):
    """A player's own grouping."""

    collection_id: str
    name: str
    games: int = 0


class Collections(msgspec.Struct, frozen=True):
    """All of them, in their order."""

    items: list[Collection] = []


class Download(msgspec.Struct, frozen=True):
    """A game in the queue of a device; `done_bytes` are verified and never go back, the limit is the device's, none being no limit."""

    id: str
    game_id: str
    device_id: str
    state: str
    position: int
    size_bytes: int
    download_bytes: int
    done_bytes: int
    failure: str | None = None
    limit_bytes_per_s: int | None = None
    changed_at: datetime | None = None


class Downloads(msgspec.Struct, frozen=True):
    """A page of the queues."""

    items: list[Download] = []
    next_cursor: str | None = None


# The branch that everybody has.
MAIN = "main"


class Offered(msgspec.Struct, frozen=True):
    """A branch of a game, as players see it."""

    name: str
    build_id: str
    size_bytes: int
    has_password: bool = False


class LibraryPage(msgspec.Struct, frozen=True):
    """The first screen of the library; a part that is away is null and named in `missing`."""

    games: ShelfGames
    recent: ShelfGames | None = None
    collections: Collections | None = None
    downloads: Downloads | None = None
    missing: list[str] = []


class Achievement(msgspec.Struct, frozen=True):
    """An achievement as the player has it; `text` is null while a hidden one is not unlocked."""

    key: str
    title: dict[str, str]
    text: dict[str, str] | None = None
    is_hidden: bool = False
    target: int | None = None
    progress: int = 0
    unlocked_at: datetime | None = None
    rarity_percent: float | None = None


class Achievements(msgspec.Struct, frozen=True):
    """All achievements of a game."""

    items: list[Achievement] = []
    unlocked: int = 0
    total: int = 0


class Library:
    """The library of the player who is signed in."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def first(self, sort: str) -> LibraryPage:
        """Return the first screen, in one call."""
        return await self._calls.get(LibraryPage, "/v1/pages/library", {"sort": sort})

    async def games(
        self, *, query: str, collection: str | None, only: str, sort: str, cursor: str | None = None
    ) -> ShelfGames:
        """Return games that fit; `only` is `favourites`, `hidden` or empty."""
        asked = {"limit": str(PAGE_SIZE), "sort": sort}
        wanted = {
            "query": query,
            "collection": collection or "",
            "favourite": "true" if only == "favourites" else "",
            "hidden": "true" if only == "hidden" else "",
            "cursor": cursor or "",
        }
        asked |= {name: value for name, value in wanted.items() if value}
        return await self._calls.get(ShelfGames, "/v1/library", asked)

    async def game(self, game_id: str) -> ShelfGame:
        """Return one game."""
        return await self._calls.get(ShelfGame, path("/v1/library/{id}", id=game_id))

    async def mark(self, game_id: str, **marks: bool) -> None:
        """Say of a game `is_favourite` or `is_hidden`, or that it is not."""
        await self._calls.send("PATCH", path("/v1/library/{id}", id=game_id), marks)

    async def achievements(self, game_id: str) -> Achievements:
        """Return the achievements of a game."""
        return await self._calls.get(Achievements, path("/v1/library/{id}/achievements", id=game_id))


class Groups:
    """The player's own groups of games."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def sort_into(self, game_id: str, collection_ids: list[str]) -> None:
        """Let a game be in exactly these collections."""
        body = {"collection_ids": collection_ids}
        await self._calls.send("PATCH", path("/v1/library/{id}", id=game_id), body)

    async def collections(self) -> Collections:
        """Return the collections."""
        return await self._calls.get(Collections, "/v1/collections")

    async def collect(self, name: str) -> Collection:
        """Make a collection."""
        return (await self._calls.send("POST", "/v1/collections", {"name": name})).read(Collection)

    async def rename(self, collection_id: str, name: str) -> None:
        """Call a collection otherwise."""
        await self._calls.send("PATCH", path("/v1/collections/{id}", id=collection_id), {"name": name})

    async def drop(self, collection_id: str) -> None:
        """Drop a collection; its games stay."""
        await self._calls.send("DELETE", path("/v1/collections/{id}", id=collection_id))


class Queues:
    """The queues of the player's devices."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def downloads(self) -> Downloads:
        """Return the queues of all devices."""
        return await self._calls.get(Downloads, "/v1/downloads", {"limit": str(PAGE_SIZE)})

    async def order(self, game_id: str, device_id: str) -> None:
        """Put a game into the queue of a device, which fetches it once its window is open."""
        await self._calls.send("POST", "/v1/downloads", {"game_id": game_id, "device_id": device_id})

    async def change_download(self, download_id: str, change: dict[str, object]) -> None:
        """Pause a download, let it go on, or move it in its queue."""
        await self._calls.send("PATCH", path("/v1/downloads/{id}", id=download_id), change)

    async def limit_device(self, device_id: str, bytes_per_s: int | None) -> None:
        """Say how fast a device may fetch."""
        body = {"bytes_per_s": bytes_per_s}
        await self._calls.send("PUT", path("/v1/downloads/limits/{id}", id=device_id), body)

    async def drop_download(self, download_id: str) -> None:
        """Take a download out of its queue."""
        await self._calls.send("DELETE", path("/v1/downloads/{id}", id=download_id))
