"""Pictures from outside, most of them hostile."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from samovar.services.catalog.media.painting import KEPT_SIDE_PX_MAX, Unreadable, paint, shrink
from tests.services.catalog.media.pictures import opened, picture, png_of


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_painted_anew_and_the_same_each_time(kind: str) -> None:
    painted = paint(picture(kind))
    shown = opened(painted.content)
    assert (shown.format, shown.size, painted.width, painted.height) == ("WEBP", (64, 48), 64, 48)
    assert paint(picture(kind)) == painted


@pytest.mark.parametrize(("mode", "shown"), [("L", "RGB"), ("P", "RGB"), ("RGBA", "RGBA"), ("LA", "RGBA")])
def test_what_is_transparent_stays_so(mode: str, shown: str) -> None:
    colour = {"RGBA": (9, 9, 9, 0), "LA": (9, 0)}.get(mode, 9)
    assert opened(paint(picture(mode=mode, colour=colour)).content).mode == shown


def test_what_is_written_into_the_file_does_not_get_through() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a house by the river"
    exif[0x0112] = 6  # It lies on its side.
    painted = paint(picture("JPEG", exif=exif.tobytes(), comment=b"hidden words"))
    assert (painted.width, painted.height) == (48, 64)
    assert b"hidden" not in painted.content
    assert b"river" not in painted.content
    assert not opened(painted.content).getexif()


def test_a_large_picture_is_made_smaller() -> None:
    assert paint(picture(size=(4_000, 400))).width == KEPT_SIDE_PX_MAX


@pytest.mark.parametrize(
    "size", [(15, 300), (300, 8_193), (4_097, 4_096), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_picture_out_of_bounds_is_not_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(Unreadable, match=r"image_(size|unreadable)"):
        paint(png_of(*size))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        picture("GIF"),
        picture("BMP"),
        picture("JPEG", size=(300, 300))[:300],
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
    content = bytearray(picture(data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        assert opened(paint(bytes(content)).content).format == "WEBP"


def test_a_smaller_one_keeps_its_form_and_none_grows() -> None:
    whole = paint(picture(size=(800, 600))).content
    assert opened(shrink(whole, 320)).size == (320, 240)
    assert shrink(whole, 1_280) == whole
