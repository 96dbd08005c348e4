"""The export as a person gets it."""

import asyncio
import gzip
import io
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest

from samovar.services.account.personal_data import archive

NOW = datetime(2026, 11, 27, tzinfo=UTC)
TURNS_MIN = 10


def document_of(rows: int) -> bytes:
    """Return what a service gave: so many rows."""
    return gzip.compress(
        msgspec.json.encode({"rows": [{"id": str(uuid4()), "number": n} for n in range(rows)]})
    )


async def test_an_archive_holds_the_picture_and_says_so() -> None:
    content = await archive.packed(
        uuid4(),
        {"account": document_of(1)},
        {"account": {"rows": 1}},
        picture=b"RIFF",
        requested_at=NOW,
        made_at=NOW,
    )
    opened = zipfile.ZipFile(io.BytesIO(content))
    assert opened.read("avatar.webp") == b"RIFF"
    about = msgspec.json.decode(opened.read("about.json"))
    assert about["files"] == ["account.json", "avatar.webp"]
    assert set(opened.namelist()) == {"about.json", *about["files"]}


async def test_without_a_picture_there_is_none() -> None:
    content = await archive.packed(uuid4(), {}, {}, picture=None, requested_at=NOW, made_at=NOW)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["about.json"]


async def test_others_are_served_while_much_is_packed() -> None:
    packing = asyncio.create_task(
        archive.packed(
            uuid4(), {"library": document_of(100_000)}, {}, picture=None, requested_at=NOW, made_at=NOW
        )
    )
    turns = 0
    while not packing.done():
        await asyncio.sleep(0)
        turns += 1
    assert zipfile.ZipFile(io.BytesIO(await packing)).testzip() is None
    assert turns > TURNS_MIN


async def test_more_than_a_process_should_hold_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_BYTES_MAX", 1_000)
    with pytest.raises(archive.TooMuch):
        await archive.packed(
            uuid4(), {"library": document_of(100)}, {}, picture=None, requested_at=NOW, made_at=NOW
        )
