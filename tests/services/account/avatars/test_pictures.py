"""Pictures from outside, most of them hostile."""

import asyncio
import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from samovar.services.account.avatars.pictures import Pictures, Unreadable, draw, paint
from samovar.services.account.errors import AvatarsBusy


def picture(
    kind: str = "PNG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, kind, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds next to nothing: a bomb of a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_two_square_ones(kind: str) -> None:
    painted = paint(picture(kind))
    large, small = opened(painted.large), opened(painted.small)
    assert (large.format, large.size, small.format, small.size) == ("WEBP", (256, 256), "WEBP", (64, 64))
    assert paint(picture(kind)) == painted


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_any_kind_of_colour_is_read(mode: str) -> None:
    assert opened(paint(picture(mode=mode)).large).mode == "RGB"


def test_what_is_written_into_the_file_does_not_get_through() -> None:
    exif = Image.Exif()
    exif[0x010E] = "дом у реки, подъезд 2"
    exif[0x0112] = 6  # It lies on its side.
    painted = paint(picture("JPEG", exif=exif.tobytes(), comment=b"hidden words"))
    assert b"hidden" not in painted.large
    assert not opened(painted.large).getexif()
    assert "icc_profile" not in opened(painted.large).info


def test_a_picture_is_turned_upright() -> None:
    image = Image.new("RGB", (200, 100), "red")
    image.paste("blue", (0, 0, 200, 50))
    exif = Image.Exif()
    exif[0x0112] = 3  # Upside down.
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif.tobytes(), quality=95)
    red, _, blue = opened(paint(out.getvalue()).large).convert("RGB").getpixel((128, 20))  # type: ignore[misc]
    assert red > blue


@pytest.mark.parametrize(
    ("width", "height"), [(63, 300), (300, 4097), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_picture_out_of_bounds_is_not_unpacked(width: int, height: int) -> None:
    with pytest.raises(Unreadable, match=r"picture_(size|unreadable)"):
        paint(png_of(width, height))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("JPEG")[:200],
        png_of(300, 300),
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        paint(content)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_picture_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(picture(data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"])), size=(80, 70)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        assert opened(paint(bytes(content)).large).size == (256, 256)


def test_a_drawn_picture_is_the_same_for_ever_and_different_for_each() -> None:
    assert draw("d1", 64) == draw("d1", 64) != draw("d2", 64)
    assert opened(draw("d1", 256)).size == (256, 256)


async def test_more_pictures_than_can_be_read_are_put_off() -> None:
    with Pictures(threads=1, queue_max=0) as pictures:
        busy = pictures.read(picture(size=(2000, 2000)))

        first = asyncio.create_task(busy)
        await asyncio.sleep(0)
        with pytest.raises(AvatarsBusy):
            await pictures.read(picture())
        assert (await first).hash
        assert (await pictures.read(picture())).hash
