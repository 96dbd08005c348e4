"""Links to exports: signed, for a few minutes, for whoever holds them."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from samovar.kit.settings import Secret
from samovar.services.account.personal_data.errors import LinkInvalid
from samovar.services.account.personal_data.schemas import Link

PATH = "/v1/exports"


class Links:
    """Makes and checks links.

    Args:
        secret: Who has it can make links to every export.
        origin: The address that people use.
        ttl: How long a link works.
    """

    def __init__(self, secret: Secret, *, origin: str, ttl: timedelta) -> None:
        self._secret = secret
        self._origin = origin
        self._ttl = ttl

    def make(self, request_id: UUID, now: datetime) -> Link:
        """Return a link to an export."""
        expires_at = int((now + self._ttl).timestamp())
        # In the query, which no log keeps: who reads a log within the minutes must not have the data.
        query = f"expires_at={expires_at}&signature={self._signature(request_id, expires_at)}"
        url = f"{self._origin}{PATH}/{request_id}?{query}"
        return Link(url, datetime.fromtimestamp(expires_at, UTC))

    def check(self, request_id: UUID, expires_at: int, signature: str, now: datetime) -> None:
        """Return when a link is ours and still works.

        Raises:
            LinkInvalid: It is not, or no more.
        """
        right = self._signature(request_id, expires_at)
        if not hmac.compare_digest(right.encode(), signature.encode()) or now.timestamp() >= expires_at:
            raise LinkInvalid

    def _signature(self, request_id: UUID, expires_at: int) -> str:
        text = f"export link {request_id} {expires_at}"
        return hmac.new(self._secret.reveal().encode(), text.encode(), hashlib.sha256).hexdigest()
