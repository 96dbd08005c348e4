"""What Debian ships becomes lines of ours: games alone, with what is said in Russian, nothing fetched."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from samovar.kit.database import Database
from samovar.services.catalog.exchange.appstream.conversion import Converted
from samovar.services.catalog.exchange.appstream.use_cases import AppStream
from samovar.services.catalog.exchange.errors import FileUnreadable
from tests.services.catalog.exchange.files import take

_SAMPLE = Path(__file__).with_name("sample.yml")


async def _converted(
    database: Database, folder: Path, *files: Path, icons: Path | None = None
) -> tuple[Path, Converted, dict[str, dict[str, Any]]]:
    _make(folder)
    path, found = await AppStream(database).convert(files or (_SAMPLE,), icons=icons, folder=folder)
    lines = [msgspec.json.decode(line) for line in _bytes(path).splitlines()]
    return path, found, {line["key"]: line for line in lines if line["record"] == "app"}


def _make(folder: Path) -> None:
    folder.mkdir(parents=True)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


async def test_a_game_is_told_as_a_page(own_database: Database, tmp_path: Path) -> None:
    path, found, apps = await _converted(own_database, tmp_path / "out")
    assert found == Converted(games=3, russian=2, screenshots=2, unusable=0)
    assert apps["nothing.desktop"]["page"]["slug"] == "nothing-desktop"
    assert apps["org.example.Teapot"] == {
        "record": "app",
        "origin": "appstream",
        "key": "org.example.Teapot",
        "page": {
            "slug": "teapot-rally",
            "title": "Teapot Rally",
            "texts": {
                "ru": {
                    "title": "Чайное ралли",
                    "short_description": "Гонки чайников с горы",
                    "description": "Пар и скорость.",
                },
                "en": {
                    "short_description": "Race teapots down the hill",
                    "description": "Steam & speed: every teapot counts.\n\nWhat there is:\n\n— two hills\n— one kettle",
                },
            },
            "aliases": ["Чайное ралли"],
            "developers": ["the-tea-house"],
            "release": {"stage": "released"},
            "platforms": ["linux"],
            "languages": [{"code": code} for code in ("en", "ru", "pt-BR", "sr-Latn")],
            "age": {"rating": 12, "descriptors": ["violence", "alcohol_and_tobacco", "purchases"]},
            "genres": ["sport", "action"],
            "website": "https://example.org/teapot",
            "licence": "GPL-3.0-or-later",
        },
    }
    summary = await take(own_database, path)
    assert (summary.faults, summary.counts.refused) == ([], 0)
    rows = "SELECT array_agg(release || ': ' || (texts->>'en')) FROM changelog_entries"
    assert await own_database.fetch_value(rows) == ["1.2: Hotter."]


async def test_what_has_the_same_name_gets_a_slug_of_its_own_and_keeps_it(
    own_database: Database, tmp_path: Path
) -> None:
    path, _, apps = await _converted(own_database, tmp_path / "first")
    assert apps["teapot.desktop"]["page"]["slug"] == "teapot-rally-teapot-classic"
    await take(own_database, path)
    # In another order the first one would get the other slug.
    parts = _bytes(_SAMPLE).decode().split("---\n")
    turned = tmp_path / "turned.yml.gz"
    turned.write_bytes(gzip.compress("---\n".join([parts[0], parts[1], *parts[:1:-1]]).encode()))
    again_path, _, again = await _converted(own_database, tmp_path / "second", turned)
    assert {key: line["page"]["slug"] for key, line in again.items()} == {
        key: line["page"]["slug"] for key, line in apps.items()
    }
    summary = await take(own_database, again_path)
    assert (summary.counts.new, summary.counts.changed, summary.counts.refused) == (0, 0, 0)


async def test_what_is_in_two_suites_counts_once(own_database: Database, tmp_path: Path) -> None:
    _, found, _ = await _converted(own_database, tmp_path / "out", _SAMPLE, _SAMPLE)
    assert (found.games, found.unusable) == (3, 3)


async def test_an_emulator_is_a_tool_and_a_text_without_markup_is_taken(
    own_database: Database, tmp_path: Path
) -> None:
    _, _, apps = await _converted(own_database, tmp_path / "out")
    page = apps["teapot.desktop"]["page"]
    assert (page["kind"], page["age"]) == ("tool", {"rating": 0})
    assert page["texts"]["ru"] == {"short_description": "Только описание.", "description": "Только описание."}


async def test_icons_come_out_of_their_archive_and_nothing_else_does(
    own_database: Database, tmp_path: Path
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (128, 128), "red").save(picture, "PNG")
    archive = tmp_path / "icons.tar.gz"
    with tarfile.open(archive, "w:gz") as members:
        for name in ("../../teapot_org.example.Teapot.png", "note.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(picture.getvalue())
            members.addfile(member, io.BytesIO(picture.getvalue()))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        members.addfile(link)
    _, _, apps = await _converted(own_database, tmp_path / "deep" / "out", icons=archive)
    assert apps["org.example.Teapot"]["page"]["media"] == [{"kind": "logo", "file": "icons/0.png"}]
    assert _files(tmp_path / "deep") == ["catalogue.jsonl", "icons/0.png"]


def _files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder / "out")) for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    "content",
    [
        b"---\nCategories:\n- Game\nName: {C: [\n",
        b"---\nCategories:\n- Game\nName: !!python/object/apply:os.system ['true']\n",
        b"---\nCategories:\n- Game\nName:\n  C: \xff\xfe\n",
        pytest.param(gzip.compress(b"---\nCategories:\n- Game\n")[:-9], id="cut"),
        b"---\n- Game\n" + b"x" * 5_000_000,
    ],
)
async def test_a_broken_file_is_told(own_database: Database, tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_bytes(content)
    with pytest.raises(FileUnreadable):
        await _converted(own_database, tmp_path / "out", broken)


async def test_nonsense_in_fields_makes_no_page_and_no_fault(own_database: Database, tmp_path: Path) -> None:
    odd = tmp_path / "odd.yml"
    odd.write_text(
        "---\nID: 5\nName: Five\nCategories:\n- Game\n"
        "---\nID: odd\nName: {C: Odd}\nSummary: 7\nDescription: [1]\nCategories:\n- Game\n- 5\nIcon: x\nUrl: y\nLanguages: z\n"
        "Releases: [1, {version: 2}]\nContentRating: {oars-1.1: {violence-x: 9, sex: intense}}\nDeveloperName: []\n",
        "utf-8",
    )
    path, found, apps = await _converted(own_database, tmp_path / "out", odd)
    assert (found.games, found.unusable) == (1, 1)
    assert apps["odd"]["page"]["texts"] == {"en": {"short_description": "Odd"}}
    assert apps["odd"]["page"]["age"] == {"rating": 18, "descriptors": ["sexual_content"]}
    assert (await take(own_database, path)).faults == []
