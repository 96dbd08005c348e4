"""The shapes of the activity history that travel."""

from datetime import datetime
from uuid import UUID

import msgspec

Params = dict[str, str | int | bool | list[str] | None]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person did, or that was done to their account.

    Attributes:
        kind: What, for programs: `session_started`, `profile_changed`. A program passes over kinds that it does not know.
        params: What belongs to it; never a secret, never what was written.
        session_id: The session in which it was done, where there was one.
    """

    id: UUID
    kind: str
    params: Params
    session_id: UUID | None
    happened_at: datetime
