"""Files of a browser on their way to the session."""

from collections.abc import AsyncIterator

import pytest

from samovar.client.web.uploads import PREFIX, TooManyUploads, UploadLost, Uploads, UploadTooLarge


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_file_comes_to_the_session_that_opened_its_address() -> None:
    uploads = Uploads()
    async with uploads.opened() as (address, coming):
        ticket = address.removeprefix(PREFIX)
        assert await uploads.receive(ticket, chunks(b"tea", b"pot")) == 204
        assert await coming == b"teapot"


async def test_an_address_is_worth_one_use_and_ends_with_its_session() -> None:
    uploads = Uploads()
    async with uploads.opened() as (address, _):
        ticket = address.removeprefix(PREFIX)
        assert await uploads.receive(ticket, chunks(b"tea")) == 204
        assert await uploads.receive(ticket, chunks(b"pot")) == 404
    async with uploads.opened() as (address, _):
        pass
    assert await uploads.receive(address.removeprefix(PREFIX), chunks(b"late")) == 404
    assert await uploads.receive("guessed", chunks(b"x")) == 404


async def test_a_file_that_is_too_large_is_refused_while_it_comes() -> None:
    uploads = Uploads(bytes_max=4)
    async with uploads.opened() as (address, coming):
        assert await uploads.receive(address.removeprefix(PREFIX), chunks(b"tea", b"pot")) == 413
        with pytest.raises(UploadTooLarge):
            await coming


async def test_a_session_does_not_wait_for_ever() -> None:
    uploads = Uploads(wait_s=0.0)
    async with uploads.opened() as (_, coming):
        with pytest.raises(UploadLost):
            await coming


async def test_more_files_than_memory_holds_are_not_begun() -> None:
    uploads = Uploads()
    opened = [uploads.opened() for _ in range(16)]
    for one in opened:
        await one.__aenter__()
    with pytest.raises(TooManyUploads):
        async with uploads.opened():
            pass
    for one in opened:
        await one.__aexit__(None, None, None)
    async with uploads.opened() as (address, _):
        assert address.startswith(PREFIX)
