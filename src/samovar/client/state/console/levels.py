"""Which parts of the console a level in an organisation opens; the platform decides again, and alone knows."""

from collections.abc import Collection, Mapping

_CHANGING = frozenset({"owner", "editor"})
_ALL = _CHANGING | {"finance", "viewer"}

APP_PARTS: Mapping[str, frozenset[str]] = {
    "release": _CHANGING,
    "page": _CHANGING,
    "prices": _CHANGING | {"finance"},
    "builds": _CHANGING | {"viewer"},
    "reports": frozenset({"owner", "finance"}),
}
ORGANISATION_PARTS: Mapping[str, frozenset[str]] = {
    "apps": _ALL,
    "members": _ALL,
    "keys": frozenset({"owner"}),
    "legal": frozenset({"owner", "finance"}),
}


def open_parts(parts: Mapping[str, frozenset[str]], levels: Collection[str]) -> list[str]:
    """Return the parts that are open; all of them to whoever has no level: staff, and members for single games."""
    return [name for name, opened in parts.items() if not levels or not opened.isdisjoint(levels)]


def may_change(levels: Collection[str]) -> bool:
    """Return whether somebody may change pages and builds, and make games."""
    return not levels or not _CHANGING.isdisjoint(levels)
