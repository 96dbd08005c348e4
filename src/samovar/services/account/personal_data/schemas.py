"""The shapes of requests for personal data that travel."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.services.account.personal_data.domain import Kind, State


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What one service has done.

    Attributes:
        receipt: How many rows by the name of what held them; null until it is done. `kept:…` names what a law keeps.
    """

    service: str
    is_done: bool
    receipt: dict[str, int] | None
    done_at: datetime | None


class DataRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A wish, and how far it is.

    Attributes:
        state: `waiting` (an erasure that can be called off), `running`, `done`, `canceled`, `expired` (an export that is gone).
        begins_at: When an erasure begins, after which it cannot be undone.
        expires_at: Until when an export can be downloaded.
    """

    id: UUID
    kind: Kind
    state: State
    requested_at: datetime
    begins_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    steps: tuple[Step, ...]


class Link(msgspec.Struct, frozen=True):
    """Where an export can be downloaded, once or again, for a few minutes; who has the link has the data."""

    url: str
    expires_at: datetime
