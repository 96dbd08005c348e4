"""Pages whose bytes are known when the process starts."""

import hashlib

from samovar.kit.rest.answers import Answer
from samovar.kit.rest.etags import client_has

MAX_AGE_S = 60
_NOT_MODIFIED = 304


class StaticPage:
    """Bytes with a validator, so that a client that has them is not sent them again."""

    def __init__(self, body: bytes, media_type: str, **headers: str) -> None:
        self._body = body
        self._media_type = media_type
        self._headers = {
            "ETag": '"' + hashlib.blake2b(body, digest_size=12).hexdigest() + '"',
            "Cache-Control": f"public, max-age={MAX_AGE_S}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }

    def answer(self, if_none_match: str | None) -> Answer:
        """Return the page, or 304 when the client has this very version."""
        if client_has(if_none_match, self._headers["ETag"]):
            return Answer(status=_NOT_MODIFIED, headers=self._headers)
        return Answer(self._body, media_type=self._media_type, headers=self._headers)
