"""The events that library sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class LicenceGranted(Event, frozen=True, kw_only=True, subject="library.v1.licence_granted"):
    """An account may use apps that it could not use before, or may use them by one right more.

    Attributes:
        app_ids: The apps that the licence opens, at most 500.
        package_id: The package that was sold or given; none where single apps were.
        kind: `purchase`, `gift`, `key`, `free`, `trial`, `family`, or `grant`, which is an operator's.
        expires_at: From then on it opens nothing; `licence_revoked` follows.
        source: Who granted it, `order` say; none in old events.
        source_id: Their own name for the grant: the id of the line of an order.
        version: 1. A licence has no versions but this one and that of its end: what has seen 2 never goes back.
    """

    licence_id: UUID
    account_id: UUID
    app_ids: tuple[UUID, ...]
    package_id: UUID | None = None
    kind: str
    granted_at: datetime
    expires_at: datetime | None = None
    source: str | None = None
    source_id: str | None = None
    version: int = 1

    def aggregate(self) -> Aggregate:
        """Return the licence."""
        return Aggregate(str(self.licence_id), self.version)


class LicenceRevoked(Event, frozen=True, kw_only=True, subject="library.v1.licence_revoked"):
    """A licence is over for good. Another licence may still open the same apps.

    Attributes:
        app_ids: The apps that it opened.
        kind: As in `licence_granted`.
        reason: `refunded`, `expired`, …
        source: As in `licence_granted`, and so is `source_id`.
        version: 2.
    """

    licence_id: UUID
    account_id: UUID
    app_ids: tuple[UUID, ...]
    package_id: UUID | None = None
    kind: str
    granted_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime
    reason: str
    source: str | None = None
    source_id: str | None = None
    version: int = 2

    def aggregate(self) -> Aggregate:
        """Return the licence."""
        return Aggregate(str(self.licence_id), self.version)
