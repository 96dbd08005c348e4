"""The events that library sends about play; the rules of `events` hold."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class PlaySessionEnded(Event, frozen=True, kw_only=True, subject="library.v1.play_session_ended"):
    """Somebody has stopped playing a game.

    Attributes:
        minutes: How long the session lasted, in whole minutes; where two devices ran at one time, each says its own.
        total_minutes: How long the account has played the app in all, counted once.
        reason: `ended` by its client, `silent`: no word came any more, `replaced` by another session of the device,
            `licence_over`, or `offline`: it was told of later.
    """

    session_id: UUID
    account_id: UUID
    app_id: UUID
    started_at: datetime
    ended_at: datetime
    minutes: int
    total_minutes: int
    reason: str

    def aggregate(self) -> Aggregate:
        """Return the session, which ends once."""
        return Aggregate(str(self.session_id), 1)
