"""Contents, as clients and mirrors fetch them."""

import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.rest.answers import span_of
from samovar.services.download import repository
from samovar.services.download.errors import ObjectNotFound, RangeInvalid
from samovar.services.download.files.tickets import Tickets
from samovar.services.download.store import Store, key_of

KINDS = frozenset({"packs", "deltas", "plans", "manifests"})
SIZES_KEPT_MAX = 50_000
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
    """Opens objects to whoever has a ticket for their app. What an object holds never changes, so what it was told once is kept."""

    def __init__(self, database: Database, *, store: Store, tickets: Tickets, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._tickets = tickets
        self._clock = clock
        self._sizes: OrderedDict[_Key, int] = OrderedDict()

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
        app_id = self._tickets.open(ticket, self._clock.now())
        if kind not in KINDS or not _NAME.fullmatch(name):
            raise ObjectNotFound(f"{kind}/{name}")
        object_id = bytes.fromhex(name)
        size = await self._size(app_id, kind, object_id)
        try:
            begin, end = span_of(span, size) or (0, size)
        except ValueError as error:
            raise RangeInvalid(f"{error}") from error
        return Content(begin, end, size, self._store.stream(key_of(kind, object_id), begin, end))

    async def _size(self, app_id: UUID, kind: str, object_id: bytes) -> int:
        key = (app_id, kind, object_id)
        size = self._sizes.get(key)
        if size is None:
            size = await repository.size_of(self._database, app_id, kind, object_id)
            if size is None:
                raise ObjectNotFound(f"{kind}/{object_id.hex()}")
            self._sizes[key] = size
            if len(self._sizes) > SIZES_KEPT_MAX:
                self._sizes.popitem(last=False)
        return size
