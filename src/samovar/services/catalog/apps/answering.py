"""Answers that hold for as long as the prices in them: with a tag, for whoever may keep them.

return answer(shown.value, caller, valid_until=shown.valid_until, now=clock.now(), if_none_match=if_none_match)
"""

import math
from datetime import datetime
from typing import Annotated, TypeVar

from msgspec import Meta
from msgspec.json import encode

from samovar.kit.identity import Caller
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.etags import etag_of
from samovar.kit.rest.parameters import header
from samovar.kit.routes import Cache
from samovar.services.catalog.contract.editing_events import ChangelogWritten, CreatorChanged, NewsChanged
from samovar.services.catalog.contract.events import AppChanged, PricesChanged

IF_NONE_MATCH_LENGTH_MAX = 512
NOT_MODIFIED = 304
# Reviews purge no answer, they come too often; a page tells their count this much later.
_TTL_S = 10
_TAGS = tuple(
    event.subject.removeprefix("samovar.")
    for event in (AppChanged, ChangelogWritten, CreatorChanged, NewsChanged, PricesChanged)
)

KEPT = Cache(ttl_s=_TTL_S, stale_s=_TTL_S, tags=_TAGS, query=("country",), anonymous_only=True)
KEPT_PAGES = Cache(ttl_s=_TTL_S, tags=_TAGS, query=("country", "limit", "cursor"), anonymous_only=True)
IfNoneMatch = Annotated[
    Annotated[str, Meta(max_length=IF_NONE_MATCH_LENGTH_MAX)] | None, header("If-None-Match")
]

T = TypeVar("T")


def answer(
    value: T,
    caller: Caller | None,
    *,
    valid_until: datetime | None = None,
    now: datetime,
    if_none_match: str | None,
) -> AnswerOf[T]:
    """Return an answer, or 304 to whoever has it already.

    Args:
        value: What is answered.
        caller: Whoever is signed in has an answer of their own.
        valid_until: When a price in it changes, as far as is known.
        now: The present time.
        if_none_match: The tags that the client has.
    """
    body = encode(value)
    headers = {"ETag": etag_of(body), "Vary": "Accept-Language"}
    if caller:
        headers["Cache-Control"] = "private, no-cache"
    elif valid_until:
        # One second less, for the way to whoever keeps it.
        left_s = math.floor((valid_until - now).total_seconds()) - 1
        headers["Cache-Control"] = f"public, max-age={max(0, left_s)}"
    if if_none_match and headers["ETag"] in if_none_match:
        return AnswerOf(b"", status=NOT_MODIFIED, headers=headers)
    return AnswerOf(body, headers=headers)
