"""Apps of an organisation and the drafts of their pages."""

from datetime import datetime
from typing import Any

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.catalog import Named

_PAGE = {"limit": "100"}
# The vocabulary has a few hundred words.
_PAGES_MAX = 10

Document = dict[str, Any]
"""A page as it is edited, field by field as the API has it."""


class OwnApp(msgspec.Struct, frozen=True):
    """An app in the list of those who edit it; `state` is `draft`, `published` or `withdrawn`."""

    app_id: str
    slug: str
    kind: str
    title: str
    state: str
    has_draft: bool
    updated_at: datetime
    organisation_id: str | None = None


class OwnApps(msgspec.Struct, frozen=True):
    """A page of the list."""

    items: list[OwnApp] = []
    next_cursor: str | None = None


class Draft(msgspec.Struct, frozen=True):
    """A page as it is edited: the draft where there is one (`draft_version` above 0), else the page itself."""

    app_id: str
    state: str
    page_version: int
    base_version: int
    draft_version: int
    page: Document
    organisation_id: str | None = None
    clashes: list[str] = []


class Seen(msgspec.Struct, frozen=True):
    """A draft, and how the platform knows later which one was seen."""

    draft: Draft
    etag: str | None = None


class Lack(msgspec.Struct, frozen=True):
    """What a page lacks to be published."""

    field: str
    code: str
    detail: str = ""


class Difference(msgspec.Struct, frozen=True):
    """A field that reads otherwise than in the store."""

    path: str
    before: Any = None
    after: Any = None


class DraftDiff(msgspec.Struct, frozen=True):
    """What publishing would change, and what is lacking."""

    draft_version: int
    differences: list[Difference] = []
    needed: list[Lack] = []


class StoredImage(msgspec.Struct, frozen=True):
    """A picture that the platform keeps."""

    image: str
    width: int
    height: int


class _Words(msgspec.Struct, frozen=True):
    items: list[Named] = []
    next_cursor: str | None = None


class Pages:
    """Calls of catalog about drafts."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def apps(self, organisation_id: str, *, cursor: str | None = None) -> OwnApps:
        """Return the apps of an organisation."""
        query = _PAGE | {"organisation_id": organisation_id} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(OwnApps, "/v1/dev/apps", query)

    async def create(self, app: dict[str, Any]) -> Draft:
        """Make an app."""
        return (await self._calls.send("POST", "/v1/dev/apps", app)).read(Draft)

    async def show(self, app_id: str) -> Seen:
        """Return the draft of a page."""
        reply = await self._calls.send("GET", path("/v1/dev/apps/{id}", id=app_id))
        return Seen(reply.read(Draft), reply.etag)

    async def change(self, app_id: str, patch: dict[str, Any], *, seen: str | None) -> Seen:
        """Change the draft by a merge patch, where nobody has changed it since.

        Args:
            app_id: Whose page.
            patch: RFC 7396.
            seen: The `ETag` of what was seen.
        """
        reply = await self._calls.send("PATCH", path("/v1/dev/apps/{id}", id=app_id), patch, if_match=seen)
        return Seen(reply.read(Draft), reply.etag)

    async def diff(self, app_id: str) -> DraftDiff:
        """Return what publishing would change, and what is lacking."""
        return await self._calls.get(DraftDiff, path("/v1/dev/apps/{id}/draft/diff", id=app_id))

    async def discard(self, app_id: str) -> None:
        """Drop the draft; the page stays."""
        await self._calls.send("DELETE", path("/v1/dev/apps/{id}/draft", id=app_id))

    async def words(self, kind: str) -> list[Named]:
        """Return all `tags` or `genres`."""
        found: list[Named] = []
        cursor: str | None = None
        for _ in range(_PAGES_MAX):
            query = _PAGE | ({"cursor": cursor} if cursor else {})
            page = await self._calls.get(_Words, f"/v1/{kind}", query)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        return found
