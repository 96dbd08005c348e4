"""Pictures of pages on their way to the platform."""

from samovar.client.api.calls import Calls
from samovar.client.api.console.pages import StoredImage

IMAGE_BYTES_MAX = 16 * 1_048_576


class Media:
    """Calls of catalog about pictures."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def upload(self, content: bytes, media_type: str) -> StoredImage:
        """Keep a picture: PNG, JPEG or WebP."""
        return (await self._calls.upload("POST", "/v1/dev/media", content, media_type)).read(StoredImage)
