"""What library shows of licences."""

from datetime import datetime

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
        return self.play_seconds // 60

    @property
    def play_seconds(self) -> int:
        """Return how long it was played, in seconds."""
        return self.played_s or 0
