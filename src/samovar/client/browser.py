"""Whose session it is: a browser at the process, or a window of this machine."""

from collections.abc import Mapping

COOKIE = "samovar_browser"


class Browser:
    """What the handshake of a connection says about the browser.

    Attributes:
        key: The value of its cookie, which no script can read; empty without one.
        language: What it prefers, the header `Accept-Language`.
        address: The address of the player, as the gateway has seen it.
    """

    def __init__(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> None:
        self.key = cookies.get(COOKIE, "")
        self.language = headers.get("accept-language", "")
        self.address = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
