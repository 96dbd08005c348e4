"""What was typed into the search, as pure functions."""

import msgspec

from samovar.kit.text.visible import is_visible_line
from samovar.services.account.profiles import names

QUERY_LENGTH_MIN = 2
_PATTERN_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})


class Names(msgspec.Struct, frozen=True):
    """A query in the forms in which names are compared.

    Attributes:
        folded: As display names are folded.
        key: As unique names are compared, empty when nothing of it is left.
        folded_pattern: `LIKE` for what begins like it.
        key_pattern: `LIKE` for what begins like it, empty as above.
    """

    folded: str
    key: str
    folded_pattern: str
    key_pattern: str


def names_of(query: str) -> Names | None:
    """Return the forms of a query, none when too little was typed or what was typed is no name but an address or a number."""
    folded = names.fold(query)
    if sum(sign.isalnum() for sign in folded) < QUERY_LENGTH_MIN or not is_visible_line(folded):
        return None
    key = names.skeleton(query)
    return Names(
        folded=folded,
        key=key,
        folded_pattern=f"{folded.translate(_PATTERN_SIGNS)}%",
        key_pattern=f"{key.translate(_PATTERN_SIGNS)}%" if key else "",
    )
