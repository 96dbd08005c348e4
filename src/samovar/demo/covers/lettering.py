"""Titles on covers: which typeface, how many lines, how large, in what light."""

import functools
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from samovar.demo.covers.canvas import Canvas, column, curve
from samovar.demo.covers.palettes import mix

FONTS = Path(__file__).parent / "fonts"
_WHITE = (255, 255, 255)
_LINES_MAX = 4
_SHARP = 2


class Face(NamedTuple):
    """A typeface and how titles are set in it.

    Attributes:
        file: Below `fonts/`.
        upper: Titles are set in capitals.
        leading: From line to line, in parts of the size.
        tracking: Space added between letters, in parts of the size.
    """

    file: str
    upper: bool = False
    leading: float = 1.0
    tracking: float = 0.0


FACES = {
    "plain": Face("golos-text.ttf", leading=1.06),
    "wide": Face("unbounded.ttf", leading=1.08),
    "machine": Face("tektur.ttf", upper=True, leading=1.0, tracking=0.02),
    "poster": Face("oswald.ttf", upper=True, leading=1.1, tracking=0.03),
    "heavy": Face("dela-gothic-one.ttf", leading=1.12),
    "legend": Face("philosopher.ttf", upper=True, leading=1.0, tracking=0.03),
    "pixel": Face("pixelify-sans.ttf", leading=0.95),
    "hand": Face("neucha.ttf", leading=0.95, tracking=0.01),
    "soft": Face("nunito.ttf", leading=1.02),
}


class Box(NamedTuple):
    """Where a title goes, in parts of the picture; `align` is where its lines begin."""

    left: float
    top: float
    right: float
    bottom: float
    align: str


@functools.cache
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / file), size, layout_engine=ImageFont.Layout.BASIC)


class _Setting(NamedTuple):
    lines: tuple[str, ...]
    size: int


def _face(name: str, title: str) -> Face:
    """Return the typeface for a title: the pixel one does not have all Cyrillic letters."""
    return FACES["machine" if name == "pixel" and not title.isascii() else name]


def _width(line: str, face: Face, size: int) -> float:
    return _font(face.file, size).getlength(line) + face.tracking * size * (len(line) - 1)


def _broken(words: list[str], count: int, face: Face) -> tuple[str, ...]:
    """Return the words in so many lines, the longest of which is as short as possible."""
    best: tuple[float, tuple[str, ...]] | None = None

    def split(rest: list[str], left: int, done: tuple[str, ...]) -> None:
        nonlocal best
        if left == 1:
            lines = (*done, " ".join(rest))
            longest = max(_width(line, face, 100) for line in lines)
            if best is None or longest < best[0]:
                best = (longest, lines)
            return
        for index in range(1, len(rest) - left + 2):
            split(rest[index:], left - 1, (*done, " ".join(rest[:index])))

    split(words, count, ())
    return best[1] if best else (" ".join(words),)


def _set(title: str, face: Face, width: float, height: float, largest: float) -> _Setting:
    """Return the lines and the size at which a title fills its box best."""
    words = (title.upper() if face.upper else title).split()
    best = _Setting((" ".join(words),), 8)
    for count in range(1, min(_LINES_MAX, len(words)) + 1):
        lines = _broken(words, count, face)
        longest = max(_width(line, face, 200) for line in lines) / 200
        size = min(width / longest, height / (face.leading * (count - 1) + 1.0), largest)
        if size > best.size * 1.04:
            best = _Setting(lines, int(size))
    return best


def size_in(title: str, name: str, box: Box, frame: tuple[int, int]) -> float:
    """Return the height of a title's letters in parts of the picture's height."""
    width, height = (box.right - box.left) * frame[0], (box.bottom - box.top) * frame[1]
    return (
        _set(title, _face(name, title), width * 0.98, height, min(frame[1] * 0.28, frame[0] * 0.2)).size
        / frame[1]
    )


def write(c: Canvas, title: str, name: str, box: Box) -> None:
    """Set a title into its box: dark air behind it, a soft shadow, letters lit from above.

    Args:
        c: The finished picture.
        title: The only words on a cover.
        name: One of `FACES`.
        box: Where it goes.
    """
    face, p = _face(name, title), c.palette
    left, top, right, bottom = (
        box.left * c.width,
        box.top * c.height,
        box.right * c.width,
        box.bottom * c.height,
    )
    setting = _set(title, face, (right - left) * 0.98, bottom - top, min(c.height * 0.28, c.width * 0.2))
    size = setting.size * _SHARP
    font, leading = _font(face.file, size), face.leading * size
    block = leading * (len(setting.lines) - 1) + size
    y = (top + bottom) / 2 * _SHARP - block / 2 if box.align == "left" else bottom * _SHARP - block
    mask = Image.new("L", (c.width * _SHARP, c.height * _SHARP))
    pen = ImageDraw.Draw(mask)
    for number, line in enumerate(setting.lines):
        width = _width(line, face, size)
        x = left * _SHARP if box.align == "left" else ((left + right) * _SHARP - width) / 2
        base = y + number * leading + size * 0.86
        for letter in line if face.tracking else (line,):
            pen.text((x, base), letter, fill=255, font=font, anchor="ls")
            x += font.getlength(letter) + face.tracking * size
    mask = mask.reduce(_SHARP)
    dark = mix(p.near, (0, 0, 0), 0.55)
    wide = mask.resize((max(1, c.width // 4), max(1, c.height // 4))).filter(
        ImageFilter.GaussianBlur(setting.size * 0.11)
    )
    air = wide.point(curve(lambda value: min(1.0, value * 1.7) * 0.72)).resize(
        mask.size, Image.Resampling.BILINEAR
    )
    c.cover(air, dark)
    drop = mask.filter(ImageFilter.GaussianBlur(setting.size * 0.035))
    c.cover(drop, dark, (0, max(1, round(setting.size * 0.045))), alpha=0.95)
    ink = column(
        (_WHITE, mix(_WHITE, p.light, 0.6), mix(p.light, p.accent, 0.3)),
        (c.width, max(1, round(block / _SHARP))),
    )
    paint = Image.new("RGB", (c.width, c.height), mix(p.light, p.accent, 0.3))
    paint.paste(ink, (0, round(y / _SHARP)))
    c.image.paste(paint, (0, 0), mask)
