"""The shapes of limits that travel."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.account.family.limits.domain import AgeMark, Chat, PlayHours, Purchases

Minutes = Annotated[int, Meta(ge=0, le=1_440)]


class LimitsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a child may do from now on.

    Attributes:
        age_max: Games of a higher age mark are kept away; null where the child's own age decides alone.
        minutes_by_weekday: From Monday to Sunday; null where time is not limited.
        hours: In minutes since midnight; null where every hour will do.
        time_zone: Where the child is, as the IANA database names it.
        may_open_store: Whether the child sees the store at all.
        chat: With whom the child may talk.
        purchases: Whether the child may buy by itself, must ask, or may not even ask.
    """

    age_max: AgeMark | None
    minutes_by_weekday: tuple[Minutes, Minutes, Minutes, Minutes, Minutes, Minutes, Minutes] | None
    hours: PlayHours | None
    time_zone: Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*\Z", max_length=64)]
    may_open_store: bool
    chat: Chat
    purchases: Purchases


class PlayToday(msgspec.Struct, frozen=True, kw_only=True):
    """What a child may play today, what was given in addition included; what it has played is library's to say.

    Attributes:
        day: Today, where the child is.
        minutes: How long in all; null where it is not limited.
        opens_at: Not before; null where every hour will do.
        closes_at: Not after.
    """

    day: date
    minutes: int | None
    opens_at: datetime | None
    closes_at: datetime | None


class LimitsState(msgspec.Struct, frozen=True, kw_only=True):
    """What a child may do; see `LimitsChange`."""

    account_id: UUID
    age_max: AgeMark | None
    minutes_by_weekday: tuple[int, int, int, int, int, int, int] | None
    hours: PlayHours | None
    time_zone: str
    may_open_store: bool
    chat: Chat
    purchases: Purchases
    today: PlayToday
