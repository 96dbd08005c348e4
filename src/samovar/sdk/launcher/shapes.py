"""What the bridge takes."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

NUMBER_MAX = 2**53
PATH_LENGTH_MAX = 255
LINE_LENGTH_MAX, PARAMETER_LENGTH_MAX, PARAMETERS_MAX = 100, 50, 8

Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")]
Number = Annotated[float, Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
Value = Annotated[str, Meta(min_length=1, max_length=PARAMETER_LENGTH_MAX)]
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


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the player does now: a phrase of the game's with its parameters, or a text."""

    phrase: Key | None = None
    text: Annotated[str, Meta(min_length=1, max_length=LINE_LENGTH_MAX)] | None = None
    parameters: Annotated[dict[Name, Value], Meta(max_length=PARAMETERS_MAX)] = {}

    def __post_init__(self) -> None:
        if (self.phrase is None) == (self.text is None) or (self.text and self.parameters):
            raise ValueError("`phrase`, with `parameters`, or `text`")


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
