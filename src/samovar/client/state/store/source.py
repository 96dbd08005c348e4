"""Where whoever opens the page of a game came from, in the words that the store counts by."""

from urllib.parse import parse_qs

_BY_PATH = {
    "/": "home",
    "/search": "search",
    "/wishlist": "wishlist",
    "/notifications": "notification",
}
_BY_BEGINNING = {
    "/game/": "similar",
    "/library": "library",
    "/u/": "friend",
    "/friends": "friend",
}


def source_of(left: str | None) -> str:
    """Return the source of a page that was opened from the screen at `left`; none: the address itself was opened."""
    if left is None:
        return "direct"
    path, _, query = left.partition("?")
    if path == "/search":
        chosen = parse_qs(query)
        if chosen.get("discounted") == ["true"]:
            return "sale"
        if "creator" in chosen:
            return "creator"
        return "search" if chosen.get("query") else "list"
    if path in _BY_PATH:
        return _BY_PATH[path]
    return next((source for begin, source in _BY_BEGINNING.items() if path.startswith(begin)), "direct")
