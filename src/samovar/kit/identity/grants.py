"""What a developer may do, and where: a level in an organisation, or in one of its games alone.

The role `developer` is the only one with a place; staff roles hold everywhere. In a token a grant is a text,
`editor@<organisation>` or `editor@<organisation>/<game>`, and a token holds `GRANTS_PER_TOKEN_MAX` of them at the most.
"""

from collections.abc import Iterable
from typing import Literal, Self, get_args
from uuid import UUID

import msgspec

Level = Literal["owner", "editor", "finance", "viewer"]
LEVELS: tuple[Level, ...] = get_args(Level)
GRANTS_PER_TOKEN_MAX = 16

_INCLUDED: dict[Level, frozenset[Level]] = {
    "owner": frozenset(LEVELS),
    "editor": frozenset({"editor", "viewer"}),
    "finance": frozenset({"finance", "viewer"}),
    "viewer": frozenset({"viewer"}),
}


class RoleGrant(msgspec.Struct, frozen=True):
    """The role `developer` at one place.

    Attributes:
        game_id: Only in this game of the organisation; none: in the whole of it.
    """

    level: Level
    organisation_id: UUID
    game_id: UUID | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` writes.

        Raises:
            ValueError: It has another form.
        """
        level, _, place = text.partition("@")
        organisation, slash, game = place.partition("/")
        fields = {"level": level, "organisation_id": organisation, "game_id": game if slash else None}
        grant = msgspec.convert(fields, cls)
        if str(grant) != text:
            raise ValueError(f"{text!r} is no grant")
        return grant

    def __str__(self) -> str:
        place = f"{self.level}@{self.organisation_id}"
        return f"{place}/{self.game_id}" if self.game_id else place


def levels_in(
    grants: Iterable[RoleGrant], organisation_id: UUID, game_id: UUID | None = None
) -> frozenset[Level]:
    """Return all levels that `grants` give in an organisation, those included that a higher one contains.

    Args:
        grants: What the caller has.
        organisation_id: Where.
        game_id: In which game of it: a grant for the whole organisation holds there too. With none, a grant for a single game
            counts for nothing.
    """
    found = [
        _INCLUDED[grant.level]
        for grant in grants
        if grant.organisation_id == organisation_id and grant.game_id in {None, game_id}
    ]
    return frozenset[Level]().union(*found)
