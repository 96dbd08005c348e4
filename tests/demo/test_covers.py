"""Pictures: the same bytes each time, of the right size, with the title where there is one."""

import io
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageFont

from samovar.demo import gallery, records, sources
from samovar.demo.covers.canvas import Canvas, Shape
from samovar.demo.covers.lettering import FACES, FONTS, Box, size_in
from samovar.demo.covers.palettes import PALETTES
from samovar.demo.covers.scenes import SCENES
from samovar.demo.covers.studio import FRAMES, Art, Frame, draw, fingerprint, frames_of
from samovar.demo.covers.subjects import SUBJECTS, silhouette
from samovar.demo.records import Painted

CAPSULE = FRAMES[0]
SMALL = Frame("screenshot-1", "screenshot", (320, 180), 1)
PAINTED = list(records.pictures(sources.read()))


def opened(picture: bytes) -> Image.Image:
    """The decoded picture."""
    return Image.open(io.BytesIO(picture))


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_the_same_each_time_and_shows_something(scene: str) -> None:
    art = Art(scene=scene, palette="dawn", subject="castle")
    picture = draw("a-game", "Игра", art, SMALL)
    assert picture == draw("a-game", "Игра", art, SMALL)
    assert picture != draw("another-game", "Игра", art, SMALL)
    colours = opened(picture).convert("RGB").resize((64, 36)).getcolors(4096)
    assert colours is not None
    assert len(colours) > 60


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_picture_has_the_size_of_its_frame(frame: Frame) -> None:
    picture = opened(draw("a-game", "Игра", Art(scene="sea", palette="ocean", subject="ship"), frame))
    assert (picture.format, picture.size) == ("WEBP", frame.size)


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_a_subject_has_a_shape(subject: str) -> None:
    bounds = silhouette(subject, 100, 150, 50).bounds(200, 200)
    assert bounds is not None
    assert silhouette(subject, 100, 150, 50).mask(bounds).getextrema() == (0, 255)


def test_every_app_of_the_catalogue_has_its_pictures() -> None:
    kinds = {"game", "dlc", "demo", "soundtrack"}
    assert all(
        {"capsule", "header", "hero", "library"} <= {f.kind for f in frames_of(kind)} for kind in kinds
    )
    assert sum(frame.kind == "screenshot" for frame in frames_of("game")) == 3
    assert len({fingerprint(*painted) for painted in PAINTED}) == len(PAINTED)


def test_a_title_can_be_read_on_every_capsule() -> None:
    below = Box(0.06, 0.58, 0.94, 0.93, "middle")
    small = [
        painted.title
        for painted in PAINTED
        if painted.frame is CAPSULE and size_in(painted.title, painted.art.face, below, CAPSULE.size) < 0.08
    ]
    assert small == []


@pytest.mark.parametrize("name", sorted(set(FACES) - {"pixel"}))
def test_a_typeface_has_every_letter_of_both_alphabets(name: str) -> None:
    font = ImageFont.truetype(str(FONTS / FACES[name].file), 40, layout_engine=ImageFont.Layout.BASIC)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + "".join(map(chr, range(0x410, 0x450))) + "Ёё«»—:'"
    missing = bytes(font.getmask("\uffff"))
    assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


def test_the_fonts_come_with_their_licence_and_stay_small() -> None:
    files = sorted(FONTS.glob("*.ttf"))
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert sum(file.stat().st_size for file in files) < 300_000
    assert all(f"{file.name}: Copyright" in licence for file in files)
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_an_unknown_word_in_art_is_refused() -> None:
    for scene, palette in (("nowhere", "dawn"), ("sea", "no")):
        with pytest.raises(ValueError, match="there is no"):
            Art(scene=scene, palette=palette)
    with pytest.raises(ValueError, match="there is no subject"):
        Art(scene="sea", palette="ocean", subject="nobody")


def test_a_shape_outside_the_picture_paints_nothing() -> None:
    canvas = Canvas((60, 40), PALETTES["ink"], Random(1), focus=(0.5, 0.5))
    before = canvas.image.tobytes()
    canvas.fill(Shape().ellipse(900, 900, 5), (255, 255, 255))
    canvas.glow(-900, 10, 5, (255, 255, 255))
    assert canvas.image.tobytes() == before


def test_only_what_is_missing_is_drawn_and_what_is_old_goes(tmp_path: Path) -> None:
    art = Art(scene="orbs", palette="candy")
    paintings = [Painted("a-game", "Игра", art, SMALL), Painted("b-game", "Игра", art, SMALL)]
    drawn: list[int] = []
    files = gallery.hang(paintings, tmp_path, processes=1, told=lambda done, _: drawn.append(done))
    assert drawn == [1, 2]
    first = tmp_path / files["a-game", "screenshot-1"]
    (tmp_path / files["b-game", "screenshot-1"]).unlink()
    stranger = first.with_name("old.webp")
    stranger.touch()
    first.write_bytes(b"kept")
    drawn.clear()
    assert gallery.hang(paintings, tmp_path, processes=1, told=lambda done, _: drawn.append(done)) == files
    assert drawn == [1]
    assert first.read_bytes() == b"kept"
    assert not stranger.exists()
