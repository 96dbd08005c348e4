"""What a library is narrowed to, as its address says it, and how a queue of downloads is ordered."""

from collections.abc import Sequence
from typing import Self
from urllib.parse import parse_qsl, urlencode

import msgspec

from samovar.client.api.library import SORTS, Download

VIEWS = ("grid", "list")
# What is neither words nor a collection: favourites alone, and what was hidden.
ONLY = ("favourites", "hidden")
QUERY_MAX = 100
_ORDERED = ("running", "queued", "paused", "failed", "done")


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for in the library, and how it is shown."""

    query: str = ""
    collection: str | None = None
    only: str = ""
    sort: str = "added"
    view: str = "grid"

    @classmethod
    def read(cls, search: str) -> Self:
        """Read the query string of an address; what makes no sense there is passed over."""
        one = dict(parse_qsl(search.removeprefix("?")))
        sort, view, only = (one.get(name, "") for name in ("sort", "view", "only"))
        return cls(
            query=one.get("query", "").strip()[:QUERY_MAX],
            collection=one.get("collection") or None,
            only=only if only in ONLY else "",
            sort=sort if sort in SORTS else "added",
            view=view if view in VIEWS else "grid",
        )

    def path(self) -> str:
        """Return the address of the screen."""
        wanted = {"query": self.query, "collection": self.collection or "", "only": self.only}
        if self.sort != "added":
            wanted["sort"] = self.sort
        if self.view != "grid":
            wanted["view"] = self.view
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/library?{query}" if query else "/library"

    @property
    def is_narrowed(self) -> bool:
        """Whether not all games are shown."""
        return bool(self.query or self.collection or self.only)


def in_order(downloads: Sequence[Download]) -> list[Download]:
    """Return a queue as people read it: what runs first, what is done last, else in the order of the device."""
    places = {state: place for place, state in enumerate(_ORDERED)}
    return sorted(downloads, key=lambda one: (places.get(one.state, len(places)), one.position, one.id))


def share_done(download: Download) -> float:
    """Return how much of a download is there and verified, from 0 to 1."""
    if download.state == "done":
        return 1.0
    if download.download_bytes <= 0:
        return 0.0
    return min(1.0, download.done_bytes / download.download_bytes)


def moved_before(queue: Sequence[Download], download: Download) -> int | None:
    """Return the position that puts a download one place up in its device's queue; None where it stands first."""
    above = [one for one in queue if one.device_id == download.device_id and one.position < download.position]
    return max((one.position for one in above), default=None)
