"""REST: pictures of people."""

from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.errors import InvalidInput, TooLarge, UnsupportedMediaType
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.etags import IfNoneMatch, client_has
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.account.avatars.schemas import Avatar
from samovar.services.account.avatars.use_cases import Avatars
from samovar.services.account.errors import AccountNotReady, AvatarNotFound, AvatarsBusy

PICTURE_BYTES_MAX = 4 * 1_048_576
TIMEOUT_MS = 20_000
WEBP = "image/webp"
_NOT_MODIFIED = 304
_TYPES = ("image/png", "image/jpeg", WEBP)
_KEPT_FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

AvatarName = Annotated[
    str,
    Meta(pattern=r"^(?:[0-9a-f]{64}|d[0-9a-f]{16})\Z", max_length=64, description="The picture's own name."),
]
ContentType = Annotated[str, header("Content-Type")]


@put(
    "/v1/accounts/me/avatar",
    auth="player",
    rate_limit=RateLimit(10, by="account"),
    timeout_ms=TIMEOUT_MS,
    body_bytes_max=PICTURE_BYTES_MAX,
    body="bytes",
    raises=(InvalidInput, TooLarge, UnsupportedMediaType, AvatarsBusy, AccountNotReady),
)
async def change_my_avatar(
    data: bytes, caller: Caller, avatars: Avatars, content_type: ContentType = ""
) -> Avatar:
    """Show a picture: PNG, JPEG or WebP, 64 to 4096 pixels a side, 4 MiB at most.

    It is painted anew as a square; where and when it was taken is not kept.
    """
    if content_type.partition(";")[0].strip().lower() not in _TYPES:
        raise UnsupportedMediaType(content_type or "no Content-Type")
    return await avatars.choose(caller, data)


@delete(
    "/v1/accounts/me/avatar", auth="player", rate_limit=RateLimit(30, by="account"), raises=(AccountNotReady,)
)
async def remove_my_avatar(caller: Caller, avatars: Avatars) -> None:
    """Show the drawn picture again."""
    await avatars.remove(caller)


# Not kept by the gateway, which would tell browsers to forget it as soon as itself: each of them asks once.
@get(
    "/v1/avatars/{name:str}",
    auth="public",
    rate_limit=RateLimit(600),
    media_type=WEBP,
    raises=(AvatarNotFound,),
)
async def show_avatar(
    name: AvatarName, avatars: Avatars, size: Literal[64, 256] = 256, if_none_match: IfNoneMatch = None
) -> Answer:
    """Show a picture; under its name there is never another one."""
    content = await avatars.find(name, size)
    headers = {**_KEPT_FOR_EVER, "ETag": f'"{name}-{size}"'}
    if client_has(if_none_match, headers["ETag"]):
        return Answer(status=_NOT_MODIFIED, headers=headers)
    return Answer(content, media_type=WEBP, headers=headers)
