"""The shapes of editing: drafts, what differs, the history, the changelog."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.catalog.schemas import Record

RELEASE_LENGTH_MAX = 100
CHANGES_LENGTH_MAX = 20_000

ReleaseName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=RELEASE_LENGTH_MAX,
        description="What the release is called.",
        examples=["1.2"],
    ),
]


class Changes(Record, frozen=True, kw_only=True):
    """What changed, in plain text; without an English one the Russian one is shown."""

    ru: Annotated[str, Meta(min_length=1, max_length=CHANGES_LENGTH_MAX)]
    en: Annotated[str, Meta(min_length=1, max_length=CHANGES_LENGTH_MAX)] | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a changelog as it is written."""

    app_id: UUID
    release: ReleaseName
    texts: Changes
    published_at: datetime
