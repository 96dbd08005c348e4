"""What the bridge takes."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

NUMBER_MAX = 2**53
PATH_LENGTH_MAX = 255

Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")]
Number = Annotated[float, Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Path = Annotated[str, Meta(min_length=1, max_length=PATH_LENGTH_MAX)]


class Unlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The player has an achievement, or is so far on the way to it."""

    progress: Annotated[int, Meta(ge=0, le=NUMBER_MAX)] | None = None


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much there was in how many seconds; under one `id` it counts once."""

    key: Key
    count: Number
    length_s: Annotated[float, Meta(gt=0, le=86_400)]
    id: UUID | None = None


class Stats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New values of stats, and amounts for those that are average rates."""

    values: Annotated[dict[Key, Number], Meta(max_length=200)] = {}
    rates: Annotated[list[Rate], Meta(max_length=50)] = []


class Proving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A licence proof, with what the game's server made up."""

    nonce: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~-]{1,128}\Z")] | None = None


class Sync(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sync the saves; these are meant to be so small."""

    confirmed: Annotated[list[Path], Meta(max_length=1_000)] = []


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """This version of a save; without one, what the cloud has."""

    path: Path
    version_id: Annotated[str, Meta(pattern=r"^[0-9a-f-]{36}\Z")] | None = None


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the file in which a game leaves what it could tell nobody (`SAMOVAR_LEFT`): one of the three."""

    achievement: Key | None = None
    progress: Annotated[int, Meta(ge=0, le=NUMBER_MAX)] | None = None
    values: Annotated[dict[Key, Number], Meta(max_length=200)] = {}
    rates: Annotated[list[Rate], Meta(max_length=50)] = []
