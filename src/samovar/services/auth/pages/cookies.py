"""The cookies of a browser that uses our pages: what they are called and how they are set.

    samovar_browser   who the browser is, nothing more: forms are bound to it; gone when the browser is closed
    samovar_session   the session of the person who signed in on a page
    samovar_device    by which this browser is known as one on which the account has signed in before

All are `HttpOnly` and `SameSite=Lax`. Where the platform is reached over https they are `Secure` as well and carry the prefix `__Host-`,
so that no neighbour domain can plant one (RFC 6265bis, section 4.1.3.2).
"""

import base64
import re
from collections.abc import Callable
from datetime import timedelta

from litestar.exceptions import LitestarException

from samovar.kit.rest.app import Request

BROWSER, SESSION, DEVICE = "samovar_browser", "samovar_session", "samovar_device"
SESSION_KEPT_FOR = timedelta(days=180)
DEVICE_KEPT_FOR = timedelta(days=365)
BROWSER_BYTES = 24
_BROWSER_ID = re.compile(r"[A-Za-z0-9_-]{32}")


class Browser:
    """The browser of one request.

    Attributes:
        id: What forms are bound to: from its cookie, or new.
        set_cookies: What must be set so that it is known next time; pass it to `Pages.render`.
        session: The value of its session's cookie.
        device_token: What an earlier sign-in in it gave.
    """

    def __init__(
        self, *, browser_id: str, set_cookies: tuple[str, ...], session: str | None, device_token: str | None
    ) -> None:
        self.id = browser_id
        self.set_cookies = set_cookies
        self.session = session
        self.device_token = device_token


class Cookies:
    """Reads and makes cookies.

    Args:
        origin: The platform's: over https the cookies are bound to it.
        random_bytes: Makes names for browsers.
    """

    def __init__(self, origin: str, random_bytes: Callable[[int], bytes]) -> None:
        self._is_secure = origin.startswith("https://")
        self._random_bytes = random_bytes

    def browser(self, request: Request) -> Browser:
        """Return the browser of a request; one without a cookie gets a name."""
        try:
            sent = request.cookies
        except (LitestarException, ValueError):
            sent = {}
        known = sent.get(self.name(BROWSER), "")
        is_known = bool(_BROWSER_ID.fullmatch(known))
        browser_id = known if is_known else self._new_id()
        return Browser(
            browser_id=browser_id,
            set_cookies=() if is_known else (self._set(BROWSER, browser_id, None),),
            session=sent.get(self.name(SESSION)) or None,
            device_token=sent.get(self.name(DEVICE)) or None,
        )

    def set_session(self, value: str) -> str:
        """Return the `Set-Cookie` value for a session."""
        return self._set(SESSION, value, SESSION_KEPT_FOR)

    def set_device(self, value: str) -> str:
        """Return the `Set-Cookie` value for a device's token."""
        return self._set(DEVICE, value, DEVICE_KEPT_FOR)

    def forget_session(self) -> str:
        """Return the `Set-Cookie` value that takes the session's cookie away."""
        return self._set(SESSION, "", timedelta())

    def name(self, cookie: str) -> str:
        """Return how a cookie is called on this platform."""
        return f"__Host-{cookie}" if self._is_secure else cookie

    def _new_id(self) -> str:
        return base64.urlsafe_b64encode(self._random_bytes(BROWSER_BYTES)).decode()

    def _set(self, cookie: str, value: str, kept_for: timedelta | None) -> str:
        parts = [f"{self.name(cookie)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
        if kept_for is not None:
            parts.append(f"Max-Age={int(kept_for.total_seconds())}")
        if self._is_secure:
            parts.append("Secure")
        return "; ".join(parts)
