"""REST: one's own inbox."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.etags import IfNoneMatch, client_has, etag_of
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, get, post
from samovar.services.notification.inbox.bell import Bell
from samovar.services.notification.inbox.schemas import Notification, ReadMark, UnreadCount
from samovar.services.notification.inbox.use_cases import Inbox

BODY_BYTES_MAX = 8_192
# Shorter than a stopping process waits for requests under way.
WAIT_S_MAX = 8
WAIT_TIMEOUT_MS = 12_000
_NOT_MODIFIED = 304

AcceptLanguage = Annotated[str | None, header("Accept-Language")]
Wait = Annotated[
    int,
    Meta(
        ge=0,
        le=WAIT_S_MAX,
        description="With `If-None-Match`: how many seconds to wait for another count before 304 is answered.",
    ),
]


@get("/v1/notifications", auth="player", rate_limit=RateLimit(120, by="account"), raises=(InvalidInput,))
async def list_notifications(
    caller: Caller,
    inbox: Inbox,
    *,
    unread: bool = False,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
    accept_language: AcceptLanguage = None,
) -> Page[Notification]:
    """List what one was told, the latest first; `unread` leaves out what one has read."""
    return await inbox.page(
        caller.account_id,
        language=language_of(accept_language),
        is_unread=unread,
        limit=limit,
        cursor=cursor,
    )


@get(
    "/v1/notifications/unread-count",
    auth="player",
    rate_limit=RateLimit(240, by="account"),
    timeout_ms=WAIT_TIMEOUT_MS,
)
async def count_unread_notifications(
    caller: Caller, bell: Bell, wait_s: Wait = 0, if_none_match: IfNoneMatch = None
) -> AnswerOf[UnreadCount]:
    """Count what one has not read; 304 where the client knows.

    A client that shows the count asks with its `ETag` and `wait_s`, again and again: it is answered as soon as the count is another.
    """

    def known(count: UnreadCount) -> bool:
        return client_has(if_none_match, etag_of(msgspec.json.encode(count)))

    if wait_s and if_none_match:
        count = await bell.await_other(caller.account_id, known, wait_s)
    else:
        count = await bell.count(caller.account_id)
    headers = {"ETag": etag_of(msgspec.json.encode(count)), "Cache-Control": "private, no-cache"}
    if known(count):
        return AnswerOf(status=_NOT_MODIFIED, headers=headers)
    return AnswerOf(count, headers=headers)


@post(
    "/v1/notifications/read",
    auth="player",
    status=200,
    rate_limit=RateLimit(120, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput,),
)
async def mark_notifications_read(data: ReadMark, caller: Caller, inbox: Inbox) -> UnreadCount:
    """Mark notifications as read, these or all up to one; again changes nothing."""
    return await inbox.mark_read(caller.account_id, data)
