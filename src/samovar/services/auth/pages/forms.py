"""Forms that only the browser to which they were shown can send back, and that carry their state with them.

Each form of a page has a hidden field `form`. It holds what the page was made for, sealed with a key of ours and for one browser: the
one that has the cookie `samovar_browser`. So a form is its own CSRF token, a stolen one opens nothing in another browser, and nothing is
stored for people who never finish.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from samovar.kit.settings import Secret
from samovar.services.auth.errors import FormStale
from samovar.services.auth.tokens.sealing import SealBroken, Sealer

LIVES_FOR = timedelta(minutes=30)
FORM_LENGTH_MAX = 16_384

T = TypeVar("T", bound=msgspec.Struct)


class SentForm(msgspec.Struct, frozen=True):
    """What comes back from a page that asks for nothing but a press of its button."""

    form: str = ""


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    """What is inside a form."""

    made_at: datetime
    state: msgspec.Raw


class Forms:
    """Makes and opens forms."""

    def __init__(self, secret: Secret) -> None:
        self._sealer = Sealer(secret, "forms")

    def seal(self, state: msgspec.Struct, *, purpose: str, browser: str, now: datetime) -> str:
        """Return the value of the field `form`.

        Args:
            state: What the answer to the page needs to know; the person never sees it.
            purpose: Of the page: a form of one purpose is refused by all others.
            browser: From `Browser.id`: the only one that can send it.
            now: The present moment.
        """
        inside = msgspec.json.encode(_Sealed(now, msgspec.Raw(msgspec.json.encode(state))))
        return base64.urlsafe_b64encode(self._sealer.seal(inside, f"{purpose}/{browser}")).decode()

    def open(self, form: str | None, kind: type[T], *, purpose: str, browser: str | None, now: datetime) -> T:
        """Return the state of a form that came back.

        Raises:
            FormStale: It was made for another browser or another page, was changed, or is older than `LIVES_FOR`.
        """
        if not form or not browser or len(form) > FORM_LENGTH_MAX:
            raise FormStale("no form, or no browser that it could be of")
        try:
            raw = base64.urlsafe_b64decode(form.encode("ascii"))
            sealed = msgspec.json.decode(self._sealer.open(raw, f"{purpose}/{browser}"), type=_Sealed)
            state = msgspec.json.decode(sealed.state, type=kind)
        except (UnicodeEncodeError, binascii.Error, SealBroken, msgspec.DecodeError) as error:
            raise FormStale(f"not of our making, or for another browser: {error!r}") from None
        if now - sealed.made_at > LIVES_FOR:
            raise FormStale("too old")
        return state
