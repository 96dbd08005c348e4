"""The pictures of an app: which there are, how each is framed, and how they become files."""

import hashlib
import io
from random import Random
from typing import NamedTuple

import msgspec
from PIL import Image

from samovar.demo.covers.canvas import Canvas, Point, column
from samovar.demo.covers.lettering import FACES, Box, size_in, write
from samovar.demo.covers.palettes import PALETTES, mix
from samovar.demo.covers.scenes import SCENES
from samovar.demo.covers.subjects import SUBJECTS

EDITION = 1
"""Counts the changes of the drawing code: pictures of an older edition are drawn anew."""
_QUALITY = 82
_SIZE_BESIDE_MIN = 0.115
# Their worlds are too wide to stand beside a title.
_BROAD = {"cards"}


class Art(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is drawn for an app.

    Attributes:
        scene: One of `SCENES`.
        palette: One of `PALETTES`.
        subject: One of `SUBJECTS`, or none.
        face: The typeface of the title, one of `FACES`.
        left: The title stands at the left of the wide pictures instead of below.
        seed: What chance grows from; the slug unless another is given.
    """

    scene: str
    palette: str
    subject: str | None = None
    face: str = "plain"
    left: bool = False
    seed: str | None = None

    def __post_init__(self) -> None:
        for name, known in ((self.scene, SCENES), (self.palette, PALETTES), (self.face, FACES)):
            if name not in known:
                raise ValueError(f"there is no {name!r}")
        if self.subject is not None and self.subject not in SUBJECTS:
            raise ValueError(f"there is no subject {self.subject!r}")


class Frame(NamedTuple):
    """One kind of picture.

    Attributes:
        name: The file's name without its ending.
        kind: The kind of medium.
        size: Width and height.
        focus: Where the eye rests when the title is below; none for pictures with a title, that have two.
        view: 0 for the key art.
    """

    name: str
    kind: str
    size: tuple[int, int]
    view: int = 0


FRAMES = (
    Frame("capsule", "capsule", (616, 353)),
    Frame("header", "header", (920, 430)),
    Frame("hero", "hero", (1920, 620)),
    Frame("library", "library", (600, 900)),
    Frame("screenshot-1", "screenshot", (1280, 720), 1),
    Frame("screenshot-2", "screenshot", (1280, 720), 2),
    Frame("screenshot-3", "screenshot", (1280, 720), 3),
)
# The last view that each kind of app is shown from: what belongs to a game has its world already.
_VIEWS = {"soundtrack": 0, "dlc": 1, "demo": 1}


def frames_of(kind: str) -> tuple[Frame, ...]:
    """Return the pictures of a kind of app."""
    return tuple(frame for frame in FRAMES if frame.view <= _VIEWS.get(kind, len(FRAMES)))


_TITLED = {
    "capsule": ((0.5, 0.40), Box(0.06, 0.58, 0.94, 0.93, "middle"), (0.745, 0.47), Box(0.055, 0.12, 0.56, 0.88, "left")),
    "header": ((0.5, 0.40), Box(0.08, 0.58, 0.92, 0.93, "middle"), (0.76, 0.47), Box(0.055, 0.14, 0.54, 0.86, "left")),
    "library": ((0.5, 0.44), Box(0.07, 0.68, 0.93, 0.95, "middle"), (0.5, 0.44), Box(0.07, 0.68, 0.93, 0.95, "middle")),
}  # fmt: skip
_UNTITLED: dict[str, Point] = {
    "hero": (0.68, 0.46),
    "screenshot-1": (0.4, 0.48),
    "screenshot-2": (0.62, 0.46),
    "screenshot-3": (0.5, 0.5),
}


def draw(slug: str, title: str, art: Art, frame: Frame) -> bytes:
    """Draw one picture and return it as WebP. The same arguments give the same bytes.

    Args:
        slug: The app's.
        title: What stands on it, where the frame carries a title.
        art: What is drawn.
        frame: Which picture.
    """
    rng = Random(f"{art.seed or slug}/{frame.view}")
    palette = PALETTES[art.palette]
    box: Box | None = None
    if frame.name in _TITLED:
        below, box_below, beside, box_beside = _TITLED[frame.name]
        left = (
            art.left
            and art.scene not in _BROAD
            and size_in(title, art.face, box_beside, frame.size) > _SIZE_BESIDE_MIN
        )
        focus, box = (beside, box_beside) if left else (below, box_below)
    else:
        focus = _UNTITLED[frame.name]
    canvas = Canvas(frame.size, palette, rng, focus=focus, view=frame.view)
    subject = None if frame.view == 2 else art.subject
    SCENES[art.scene](canvas, subject)
    if box:
        _darken(canvas, box)
    canvas.finish(grain=0.0 if art.scene == "pixels" else 0.055)
    if box:
        write(canvas, title, art.face, box)
    file = io.BytesIO()
    canvas.image.save(file, "WEBP", quality=_QUALITY, method=2)
    return file.getvalue()


def _darken(c: Canvas, box: Box) -> None:
    """Let the picture sink into the dark where the title will stand."""
    dark = mix(c.palette.near, (0, 0, 0), 0.5)
    black, white = (0, 0, 0), (255, 255, 255)
    if box.align == "left":
        veil = column(
            (white, white, (170,) * 3, (60,) * 3, black, black, black), (c.height, c.width)
        ).transpose(Image.Transpose.ROTATE_90)
    else:
        veil = column((black, black, black, black, (90,) * 3, (190,) * 3, white), (c.width, c.height))
    c.cover(veil.convert("L"), dark, alpha=0.82)


def fingerprint(slug: str, title: str, art: Art, frame: Frame) -> str:
    """Return what a picture depends on, as a short name for its file."""
    parts = msgspec.json.encode((EDITION, slug, title, art, frame.name, frame.size))
    return hashlib.sha256(parts).hexdigest()[:20]
