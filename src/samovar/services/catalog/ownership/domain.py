"""What library tells of a licence. Pure."""

from datetime import datetime
from uuid import UUID

import msgspec

LENT = frozenset({"trial", "family"})
"""Kinds of licences whose games one does not keep: they are still wished for."""


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """A licence to an app.

    Attributes:
        kind: Library's word for it, also one that is newer than this release.
        revoked_at: When it ended, for good.
        revoke_reason: Why: `refunded`, `expired`, …
    """

    app_id: UUID
    kind: str
    revoked_at: datetime | None = None
    revoke_reason: str | None = None
