"""What library takes and shows of what players do now."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.rest.parameters import QueryFields
from samovar.services.library.presence.domain import (
    KEY_PATTERN,
    LINE_LENGTH_MAX,
    NAME_PATTERN,
    PARAMETER_LENGTH_MAX,
    PARAMETERS_MAX,
    PHRASES_MAX,
)

ACCOUNTS_MAX = 100

Key = Annotated[str, Meta(pattern=KEY_PATTERN, description="Letters, digits, `.`, `_`, `-`.")]
Name = Annotated[
    str, Meta(pattern=NAME_PATTERN, description="Small Latin letters, digits, `_`; a letter first.")
]
Line = Annotated[str, Meta(min_length=1, max_length=LINE_LENGTH_MAX)]
Value = Annotated[str, Meta(min_length=1, max_length=PARAMETER_LENGTH_MAX)]


class Phrase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a player may do, in both languages: «Уровень {level}». Without English the Russian is shown."""

    ru: Line
    en: Line | None = None


class Phrases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a game may say that its player does, by key. A name in braces stands for what the game fills in."""

    phrases: Annotated[dict[Key, Phrase], Meta(max_length=PHRASES_MAX)]


class NewPresence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the player does now: a phrase of the game's, or a text of its own.

    Attributes:
        phrase: Its key; then without `text`.
        parameters: What it wants to be filled in, by name; 8 at most.
    """

    phrase: Key | None = None
    text: Line | None = None
    parameters: Annotated[dict[Name, Value], Meta(max_length=PARAMETERS_MAX)] = {}


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """What a game says that its player does.

    Attributes:
        text: As the reader reads it, in the language they ask for; null: the developer has taken the phrase out.
        phrase: The key; null: a text of the game's own.
        since: When the game said so.
    """

    text: str | None
    phrase: str | None
    since: datetime


class NowPlayingQuery(QueryFields, frozen=True, kw_only=True):
    """Who is asked about.

    Attributes:
        account_ids: These; without any, the caller's friends.
    """

    account_ids: Annotated[tuple[UUID, ...], Meta(max_length=ACCOUNTS_MAX)] = ()


class NowPlaying(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody plays at this moment.

    Attributes:
        since: When the session began.
        slug: Of the game's page, and so are `titles` by language and `capsule_url`; null or empty until catalog has told.
        presence: What the game says that they do; null: nothing.
    """

    account_id: UUID
    game_id: UUID
    slug: str | None
    titles: dict[str, str]
    capsule_url: str | None
    since: datetime
    presence: Presence | None


class NowPlayingList(msgspec.Struct, frozen=True, kw_only=True):
    """Who plays at this moment, whoever began last first; 100 at most. Who plays nothing, or shows it to others alone, is not there."""

    items: list[NowPlaying]
