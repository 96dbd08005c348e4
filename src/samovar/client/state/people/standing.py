"""People as they stand to the player, and how they find each other: by a name, or by what a link to a profile holds."""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from samovar.client.api.account.profiles import Found

PROFILE = "/u/"
Standing = Literal["self", "friend", "incoming", "outgoing", "stranger", "blocked"]
"""What somebody is to the player; `incoming`: they ask to be a friend, `outgoing`: the player has asked."""


def code_in(typed: str) -> str | None:
    """Return the id of an account that somebody typed or pasted, alone or as a link to a profile; none where it is a name."""
    try:
        path = urlsplit(typed.strip()).path
    except ValueError:
        return None
    last = path.rpartition(PROFILE)[2].strip("/")
    return str(UUID(last)) if is_code(last) else None


def is_code(text: str) -> bool:
    """Return whether the end of a profile's address is an id, and not a unique name."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def named_so(found: Iterable[Found], name: str) -> Found | None:
    """Return the one of those found whose unique name is exactly this."""
    wanted = name.removeprefix("@").casefold()
    return next((one for one in found if one.name and one.name.casefold() == wanted), None)
