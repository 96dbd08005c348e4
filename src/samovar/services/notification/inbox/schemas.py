"""The shapes of the inbox."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.notification.domain import Category

MARKED_AT_ONCE_MAX = 100


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a person was told, in the reader's language.

    Attributes:
        id: A later notification has a greater one. A story that goes on gets a new one: its notification is new again.
        kind: What it is, for programs: `order_paid`, `gift_received`. A program shows kinds that it does not know by their text.
        link: Where it leads in the client, a path below the origin.
        image_url: A picture of whom it is about, a path below the origin.
        app_id: The game that it is about.
        person_id: The account that it is about, besides one's own.
    """

    id: UUID
    kind: str
    category: Category
    title: str
    body: str
    link: str
    image_url: str | None
    app_id: UUID | None
    person_id: UUID | None
    is_read: bool
    happened_at: datetime


class UnreadCount(msgspec.Struct, frozen=True):
    """How many notifications one has not read; and the latest that there is, so that a client sees when its list is old."""

    unread: int
    latest_id: UUID | None


class ReadMark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one has read: these, or all up to one. Exactly one of the two is given.

    Attributes:
        ids: Those that are not one's own, or gone, are passed over.
        up_to: The latest that one has seen; it and all before it.
    """

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=MARKED_AT_ONCE_MAX)] | None = None
    up_to: UUID | None = None
