"""REST: pictures of pages."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.errors import InvalidInput, TooLarge, UnsupportedMediaType
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, get, post
from samovar.services.catalog.media.errors import ImageNotFound, MediaBusy
from samovar.services.catalog.media.schemas import StoredImage, Width
from samovar.services.catalog.media.store import MediaStore
from samovar.services.catalog.schemas import ImageHash

IMAGE_BYTES_MAX = 16 * 1_048_576
TIMEOUT_MS = 30_000
WEBP = "image/webp"
_TYPES = ("image/png", "image/jpeg", WEBP)
_KEPT_FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

ContentType = Annotated[str, header("Content-Type")]
IfNoneMatch = Annotated[Annotated[str, Meta(max_length=512)] | None, header("If-None-Match")]


@post(
    "/v1/dev/media",
    auth="player",
    permissions=("catalog.media.upload",),
    rate_limit=RateLimit(60, by="account"),
    timeout_ms=TIMEOUT_MS,
    body_bytes_max=IMAGE_BYTES_MAX,
    body="bytes",
    raises=(InvalidInput, TooLarge, UnsupportedMediaType, MediaBusy),
)
async def upload_image(data: bytes, media_store: MediaStore, content_type: ContentType = "") -> StoredImage:
    """Keep a picture for a page: PNG, JPEG or WebP, 16 to 8192 pixels a side, 16 million in all, 16 MiB at most.

    It is painted anew, its longer side at most 3840 pixels; nothing else of the file is kept. The answer goes into a page's `media`; a picture
    that no page shows is deleted after a week.
    """
    if content_type.partition(";")[0].strip().lower() not in _TYPES:
        raise UnsupportedMediaType(content_type or "no Content-Type")
    return await media_store.put(data)


# Not kept by the gateway, which would tell browsers to forget it as soon as itself: each of them asks once.
@get(
    "/v1/media/{image:str}",
    auth="public",
    rate_limit=RateLimit(1_200),
    timeout_ms=TIMEOUT_MS,
    media_type=WEBP,
    raises=(ImageNotFound, MediaBusy),
)
async def show_image(
    image: ImageHash, media_store: MediaStore, width: Width | None = None, if_none_match: IfNoneMatch = None
) -> Answer:
    """Show a picture, whole or at most so wide; under its name there is never another one."""
    headers = {**_KEPT_FOR_EVER, "ETag": f'"{image[:24]}-{width or "whole"}"'}
    content = await media_store.find(image, width)
    if content is None:
        raise ImageNotFound(image)
    if if_none_match and headers["ETag"] in if_none_match:
        return Answer(status=304, headers=headers)
    return Answer(content, media_type=WEBP, headers=headers)
