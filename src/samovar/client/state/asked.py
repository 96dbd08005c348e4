"""What an address asks of its screen, beside the path."""

from collections.abc import Container
from urllib.parse import parse_qs

VALUE_LENGTH_MAX = 200


def asked(route: str | None, name: str, instead: str = "", *, allowed: Container[str] | None = None) -> str:
    """Return a value of the query.

    Args:
        route: The address.
        name: Of the value.
        instead: What it is where it is missing, or is none of those that are allowed.
        allowed: Those that make sense.
    """
    found = parse_qs((route or "").partition("?")[2]).get(name, [instead])[0].strip()[:VALUE_LENGTH_MAX]
    return found if allowed is None or found in allowed else instead
