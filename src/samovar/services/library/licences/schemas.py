"""What library shows of licences."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.services.library.licences.domain import LicenceKind


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What an account has, or had, of an app.

    Attributes:
        since: When the oldest licence in force that opens it was granted; none when none does.
        kinds: By which rights it is open.
        played_s: How long it was played; none where that was never counted.
    """

    since: datetime | None
    kinds: tuple[LicenceKind, ...]
    played_s: int | None

    @property
    def play_minutes(self) -> int:
        """Return how long it was played, in whole minutes."""
        return (self.played_s or 0) // 60


class OwnedGame(msgspec.Struct, frozen=True, kw_only=True):
    """A game, DLC or other app that the caller may use.

    Attributes:
        since: When the oldest licence that opens it was granted.
        expires_at: When the last licence that opens it ends; null: never.
        kinds: By which rights: `purchase`, `gift`, `key`, `free`, `trial`, `family`, `grant`.
        play_minutes: How long it was played, counted once however many devices ran it at one time.
        last_played_at: Null: never.
    """

    game_id: UUID
    since: datetime
    expires_at: datetime | None
    kinds: list[LicenceKind]
    play_minutes: int
    last_played_at: datetime | None


class HeldLicence(msgspec.Struct, frozen=True, kw_only=True):
    """One of the licences that open a game.

    Attributes:
        package_id: The package that was bought or given; null where single apps were.
    """

    licence_id: UUID
    package_id: UUID | None
    kind: LicenceKind
    granted_at: datetime
    expires_at: datetime | None


class OwnedGameDetails(OwnedGame, frozen=True, kw_only=True):
    """A game that the caller may use, with the licences that open it, the oldest first."""

    licences: list[HeldLicence]


class GameKey(msgspec.Struct, frozen=True):
    """What the list of games is sorted by: the newest first."""

    since: datetime
    game_id: UUID
