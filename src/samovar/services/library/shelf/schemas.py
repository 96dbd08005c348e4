"""What library shows of a shelf, and takes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.rest.parameters import QueryFields
from samovar.services.library.collections.domain import COLLECTIONS_MAX
from samovar.services.library.licences.domain import LicenceKind
from samovar.services.library.shelf.domain import OPEN, QUERY_LENGTH_MAX, Access, AppKind, Sort


class ShelfQuery(QueryFields, frozen=True, kw_only=True):
    """Which games, in which order.

    Attributes:
        query: Parts of words of the title, in Russian or English; a game is found by its DLC, too. Where nothing reads so, the same keys
            in the other keyboard layout.
        sort: `added` (the newest first), `title`, `played` (the last played first), `play_time` (the longest first).
        collection: Of this collection alone.
        kind: Of these kinds alone, each by itself; else what belongs to a game that is there stands under it.
        access: By default all that can be played: `owned`, `trial`, `family`. Ask for `expired` and `revoked` by name.
        favourite: Favourites alone, or all others.
        hidden: Hidden ones alone; else they are left out.
    """

    query: Annotated[str, Meta(max_length=QUERY_LENGTH_MAX)] = ""
    sort: Sort = "added"
    collection: UUID | None = None
    kind: Annotated[tuple[AppKind, ...], Meta(max_length=5)] = ()
    access: Annotated[tuple[Access, ...], Meta(max_length=5)] = ()
    favourite: bool | None = None
    hidden: bool = False

    @property
    def accesses(self) -> tuple[Access, ...]:
        """Return which kinds of access are asked for."""
        return self.access or OPEN


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """DLC, a soundtrack, a tool or a demo of a game, under that game.

    Attributes:
        titles: By language; empty until catalog has told.
    """

    game_id: UUID
    titles: dict[str, str]
    kind: AppKind | None
    access: Access
    since: datetime
    expires_at: datetime | None


class ShelfGame(msgspec.Struct, frozen=True, kw_only=True):
    """A game, DLC or other app that the caller has, may borrow, or had.

    Attributes:
        since: When the oldest licence that opens it was granted; of what is over, the last one.
        expires_at: When the last licence that opens it ends, or has ended by itself; null: never.
        kinds: By which rights: `purchase`, `gift`, `key`, `free`, `trial`, `family`, `grant`.
        play_minutes: How long it was played, counted once however many devices ran it at one time.
        last_played_at: Null: never.
        access: `owned`, `trial`, `family`: it belongs to another of the family; `expired` or `revoked`: it cannot be played any more.
        ended_at: Since when, if it cannot.
        end_reason: Why: `expired`, `refunded`, …
        slug: Of its page, and so are `titles` by language, `kind` and `capsule_url`; null or empty until catalog has told.
        base_game_id: The game that it belongs to.
        contents: What belongs to it and is the caller's as well, by title; 100 at most.
        contents_total: How much there is of that.
    """

    game_id: UUID
    since: datetime
    expires_at: datetime | None
    kinds: list[LicenceKind]
    play_minutes: int
    last_played_at: datetime | None
    access: Access
    ended_at: datetime | None
    end_reason: str | None
    slug: str | None
    titles: dict[str, str]
    kind: AppKind | None
    base_game_id: UUID | None
    capsule_url: str | None
    is_hidden: bool
    is_favourite: bool
    collection_ids: list[UUID]
    contents: list[Content]
    contents_total: int


class HeldLicence(msgspec.Struct, frozen=True, kw_only=True):
    """One of the licences that open a game, or did.

    Attributes:
        package_id: The package that was bought or given; null where single apps were.
        revoked_at: Since then it opens nothing.
    """

    licence_id: UUID
    package_id: UUID | None
    kind: LicenceKind
    granted_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    revoke_reason: str | None


class ShelfGameDetails(ShelfGame, frozen=True, kw_only=True):
    """A game with all licences of the caller's that open it or did, the oldest first."""

    licences: list[HeldLicence]


class GameChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the caller says of a game; what is absent stays.

    Attributes:
        collection_ids: In exactly these collections it will be.
    """

    is_hidden: bool | UnsetType = UNSET
    is_favourite: bool | UnsetType = UNSET
    collection_ids: Annotated[list[UUID], Meta(max_length=COLLECTIONS_MAX)] | UnsetType = UNSET


class ShelfKey(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is sorted by: one of three, as `sort` has it.

    Attributes:
        sort: With the language, where that orders titles.
    """

    sort: str
    text: str | None = None
    number: int | None = None
    moment: datetime | None = None
    game_id: UUID
