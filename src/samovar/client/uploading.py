"""Pictures that a person picks on their machine, as bytes: from a browser by an address that is worth one use, else from the disk."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import flet as ft

from samovar.client.session import Session
from samovar.client.web.uploads import TooManyUploads, UploadLost, UploadTooLarge

EXTENSIONS = ["png", "jpg", "jpeg", "webp"]
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_WEBP_AT = slice(8, 12)


class PickFailed(Exception):
    """A file did not come; the reason is in the words of the screen."""

    def __init__(self, reason: Literal["too_large", "busy", "lost"]) -> None:
        self.reason = reason
        super().__init__(reason)


async def pick_pictures(session: Session, *, several: bool) -> AsyncIterator[bytes]:
    """Let the person pick pictures and return the content of each; none where they think better of it.

    Raises:
        PickFailed: One is too large, or was lost on its way.
    """
    picker = ft.FilePicker()
    picked = await picker.pick_files(
        file_type=ft.FilePickerFileType.CUSTOM,
        allowed_extensions=EXTENSIONS,
        allow_multiple=several,
        cancel_upload_on_window_blur=False,
    )
    for file in picked:
        if file.size > session.uploads.bytes_max:
            raise PickFailed("too_large")
        if file.path and not session.page.web:
            yield await asyncio.to_thread(Path(file.path).read_bytes)
        else:
            yield await _brought(session, picker, file)


async def _brought(session: Session, picker: ft.FilePicker, file: ft.FilePickerFile) -> bytes:
    try:
        async with session.uploads.opened() as (address, coming):
            where = ft.FilePickerUploadFile(upload_url=address, method="PUT", id=file.id, name=file.name)
            await picker.upload([where])
            return await coming
    except TooManyUploads:
        raise PickFailed("busy") from None
    except UploadTooLarge:
        raise PickFailed("too_large") from None
    except UploadLost:
        raise PickFailed("lost") from None


def picture_kind(content: bytes) -> str | None:
    """Return the media type of a picture by its first bytes; none where it is no picture that the platform takes."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    is_webp = content.startswith(b"RIFF") and content[_WEBP_AT] == b"WEBP"
    return "image/webp" if is_webp else None
