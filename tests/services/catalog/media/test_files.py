"""The media store is a folder or a bucket, and behaves alike."""

from pathlib import Path

import pytest

from samovar.services.catalog.media.files import Files


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return Files(str(tmp_path / "media") if request.param == "folder" else "memory:///")


async def test_what_is_written_is_read_until_it_is_deleted(files: Files) -> None:
    for name in ("ab/one/whole.webp", "ab/one/320.webp", "ab/one-more/whole.webp"):
        await files.write(name, name.encode())
    await files.write("ab/one/320.webp", b"again")
    assert await files.read("ab/one/320.webp") == b"again"
    await files.delete_below("ab/one")
    assert await files.read("ab/one/whole.webp") is None
    assert await files.read("ab/one-more/whole.webp") == b"ab/one-more/whole.webp"
    await files.delete_below("ab/one")


async def test_what_was_never_written_is_not_there(files: Files) -> None:
    assert await files.read("no/such/file.webp") is None


def test_a_store_that_is_not_used_makes_no_folder(tmp_path: Path) -> None:
    Files(str(tmp_path / "media"))
    assert list(tmp_path.iterdir()) == []
