"""Pictures of pages on their way to the platform."""

from samovar.client.api.calls import Calls
from samovar.client.api.console.pages import StoredImage

IMAGE_BYTES_MAX = 16 * 1_048_576
_STARTS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


class Media:
    """Calls of catalog about pictures."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def upload(self, content: bytes) -> StoredImage:
        """Keep a picture: PNG, JPEG or WebP; the platform judges what it is by itself."""
        found = (kind for start, kind in _STARTS.items() if content.startswith(start))
        kind = next(found, "application/octet-stream")
        return (await self._calls.upload("POST", "/v1/dev/media", content, kind)).read(StoredImage)
