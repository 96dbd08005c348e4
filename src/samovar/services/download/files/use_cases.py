"""Contents, as clients and mirrors fetch them."""

import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.rest.answers import span_of
from samovar.services.download import repository
from samovar.services.download.counters import CONTENT_BYTES
from samovar.services.download.errors import ObjectNotFound, RangeInvalid
from samovar.services.download.files.tickets import Tickets
from samovar.services.download.store import Store, key_of

KINDS = frozenset({"packs", "deltas", "plans", "manifests"})
SIZES_KEPT_MAX = 50_000
# The bytes of an object go days after it was forgotten: who asks for it meanwhile is told that it is gone.
SIZES_KEPT = timedelta(hours=1)
_NAME = re.compile(r"[0-9a-f]{64}")

_Key = tuple[UUID, str, bytes]


class Content(NamedTuple):
    """What is sent.

    Attributes:
        begin: Where it begins in the object.
        end: The byte after its last.
        size_bytes: Of the whole object.
        pieces: The bytes.
    """

    begin: int
    end: int
    size_bytes: int
    pieces: AsyncIterator[bytes]

    @property
    def is_part(self) -> bool:
        """Whether it is less than the object."""
        return self.end - self.begin < self.size_bytes


class Contents:
    """Opens objects to whoever has a ticket for their app. What an object holds never changes: what it was told is kept for an hour."""

    def __init__(self, database: Database, *, store: Store, tickets: Tickets, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._tickets = tickets
        self._clock = clock
        self._sizes: OrderedDict[_Key, tuple[int, datetime]] = OrderedDict()

    async def open(self, ticket: str, kind: str, name: str, span: str | None) -> Content:
        """Return an object, or one span of it.

        Args:
            ticket: As it stands in the path.
            kind: `packs`, `deltas`, `plans` or `manifests`.
            name: BLAKE3 of the object, hex.
            span: A `Range`; one that is not understood counts as none.

        Raises:
            ObjectNotFound: The app has no such object.
            RangeInvalid: The span lies outside.
            TicketRefused: The ticket is over, or was never given.
        """
        now = self._clock.now()
        app_id = self._tickets.open(ticket, now)
        if kind not in KINDS or not _NAME.fullmatch(name):
            raise ObjectNotFound(f"{kind}/{name}")
        object_id = bytes.fromhex(name)
        size = await self._size(app_id, kind, object_id, now)
        try:
            begin, end = span_of(span, size) or (0, size)
        except ValueError as error:
            raise RangeInvalid(f"{error}") from error
        return Content(begin, end, size, self._counted(kind, key_of(kind, object_id), begin, end))

    async def _counted(self, kind: str, key: str, begin: int, end: int) -> AsyncIterator[bytes]:
        counter = CONTENT_BYTES.labels(kind)
        async for piece in self._store.stream(key, begin, end):
            counter.inc(len(piece))
            yield piece

    async def _size(self, app_id: UUID, kind: str, object_id: bytes, now: datetime) -> int:
        key = (app_id, kind, object_id)
        size, known_at = self._sizes.get(key, (None, now))
        if size is None or now - known_at > SIZES_KEPT:
            size = await repository.size_of(self._database, app_id, kind, object_id)
            if size is None:
                raise ObjectNotFound(f"{kind}/{object_id.hex()}")
            self._sizes[key] = size, now
            self._sizes.move_to_end(key)
            if len(self._sizes) > SIZES_KEPT_MAX:
                self._sizes.popitem(last=False)
        return size
