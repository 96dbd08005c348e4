"""What library takes and shows of play."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.library.play.domain import BEAT_EVERY_S, OFFLINE_AT_ONCE_MAX, EndReason, Session

DeviceId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9._-]+\Z",
        description="The client's name for the machine: letters, digits, `.`, `_`, `-`.",
    ),
]
Seq = Annotated[
    int,
    Meta(
        ge=1, le=2**53, description="Counts the heartbeats of a session; one that comes late is passed over."
    ),
]


class NewPlaySession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A game has been started.

    Attributes:
        client_session_id: The client's own name for the session: sent again under it, it is the same session.
    """

    device_id: DeviceId
    client_session_id: UUID | None = None


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The game still runs."""

    seq: Seq | None = None


class PlaySessionState(msgspec.Struct, frozen=True, kw_only=True):
    """A play session.

    Attributes:
        last_heartbeat_at: Until when it is counted.
        played_s: How long that is.
        heartbeat_every_s: How often to send heartbeats; after three that are lost the session is over.
        ended_at: Null while it runs.
        end_reason: `ended`, `silent`, `replaced` by another one of that device, `licence_over`, or `offline`.
    """

    session_id: UUID
    game_id: UUID
    device_id: str
    started_at: datetime
    last_heartbeat_at: datetime
    played_s: int
    heartbeat_every_s: int
    ended_at: datetime | None
    end_reason: EndReason | None

    @classmethod
    def of(cls, session: Session) -> "PlaySessionState":
        """Return what is shown of a session."""
        return cls(
            session_id=session.id,
            game_id=session.app_id,
            device_id=session.device_id,
            started_at=session.started_at,
            last_heartbeat_at=session.last_beat_at,
            played_s=session.played_s,
            heartbeat_every_s=BEAT_EVERY_S,
            ended_at=session.ended_at,
            end_reason=session.end_reason,
        )


class OfflineSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session that was played while the client could not reach us, by the client's clock."""

    client_session_id: UUID
    started_at: Annotated[datetime, Meta(tz=True)]
    ended_at: Annotated[datetime, Meta(tz=True)]


class OfflineBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one device played of a game while it could not reach us."""

    device_id: DeviceId
    sessions: Annotated[list[OfflineSession], Meta(min_length=1, max_length=OFFLINE_AT_ONCE_MAX)]


class OfflineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a batch.

    Attributes:
        accepted: How many sessions are new.
        repeated: How many were known already.
        play_minutes: How long the account has played the game in all.
    """

    accepted: int
    repeated: int
    play_minutes: int
