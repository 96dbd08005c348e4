"""Tickets: who holds one may fetch what belongs to an app, until it is over. They stand in the path, so that mirrors need know nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from samovar.services.download.errors import TicketRefused
from samovar.services.download.signing import Platform

_TIME_BYTES, _APP_BYTES, _SEAL_BYTES = 5, 16, 16
_LENGTH = _TIME_BYTES + _APP_BYTES + _SEAL_BYTES


class Ticket(NamedTuple):
    """A ticket.

    Attributes:
        text: As it stands in paths.
    """

    text: str
    expires_at: datetime

    @property
    def base_path(self) -> str:
        """Below it lie the contents."""
        return f"/content/{self.text}/"


class Tickets:
    """Gives and checks tickets."""

    def __init__(self, platform: Platform, *, ttl_s: int) -> None:
        self._platform = platform
        self._ttl = timedelta(seconds=ttl_s)

    def give(self, app_id: UUID, now: datetime) -> Ticket:
        """Return a ticket to what belongs to an app."""
        until = int((now + self._ttl).timestamp())
        told = until.to_bytes(_TIME_BYTES) + app_id.bytes
        text = urlsafe_b64encode(told + self._platform.seal(told)).decode().rstrip("=")
        return Ticket(text, datetime.fromtimestamp(until, UTC))

    def open(self, text: str, now: datetime) -> UUID:
        """Return the app that a ticket opens.

        Raises:
            TicketRefused: It is over, or was never given.
        """
        try:
            data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (Error, ValueError):
            raise TicketRefused("not a ticket") from None
        told, seal = data[: _TIME_BYTES + _APP_BYTES], data[_TIME_BYTES + _APP_BYTES :]
        if len(data) != _LENGTH or not self._platform.is_seal(told, seal):
            raise TicketRefused("not a ticket of ours")
        if int.from_bytes(told[:_TIME_BYTES]) <= now.timestamp():
            raise TicketRefused("the ticket is over")
        return UUID(bytes=told[_TIME_BYTES:])
