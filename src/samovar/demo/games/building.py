"""From a game's source to the folder of a build, and its page: `python3 -m <game>` in that folder plays it, with nothing of ours installed."""

import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

import samovar.sdk.game
from samovar.demo.covers.studio import Art

FOLDER = Path(__file__).parent
SLUGS = {"tea-line": "tea_line", "last-samovar": "last_samovar", "embers": "embers"}
Version = Literal[1, 2]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something in both languages."""

    ru: str
    en: str


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is written about a game in its `store.toml`.

    Attributes:
        achievements: As `PUT /v1/dev/apps/{id}/achievements` takes them, like `stats`.
        price: Roubles; 0 is free.
        phrases: What the game may say that its player does, as `PUT /v1/dev/apps/{id}/phrases` takes it.
        later: Files that only version 2 has: what its update brings.
    """

    slug: str
    title: Words
    short: Words
    text: Words
    genres: list[str]
    tags: list[str]
    art: Art
    price: Annotated[int, Meta(ge=0)]
    later: list[str]
    achievements: list[dict[str, Any]]
    stats: list[dict[str, Any]]
    phrases: dict[str, Words] = {}


def page_of(slug: str) -> Page:
    """Return the page of a game."""
    return msgspec.convert(tomllib.loads((FOLDER / SLUGS[slug] / "store.toml").read_text("utf-8")), Page)


def build(slug: str, folder: Path, *, version: Version = 1) -> Sequence[Path]:
    """Write a build into a folder, which is empty or holds another version; return its files.

    Version 2 differs as a real update does: a file of levels, scenes or evenings more, and the rest to the byte as it was.
    """
    package = SLUGS[slug]
    page = page_of(slug)
    left_out = {"store.toml", *(page.later if version == 1 else ())}
    files = {
        f"{package}/{file.name}": file.read_bytes()
        for file in sorted((FOLDER / package).iterdir())
        if file.is_file() and file.name not in left_out
    }
    # The SDK's one file for games, under the name by which the sources know it.
    files["samovar/__init__.py"] = files["samovar/sdk/__init__.py"] = b""
    files["samovar/sdk/game.py"] = Path(samovar.sdk.game.__file__).read_bytes()
    files["samovar.toml"] = _description(package, page).encode()
    files["VERSION"] = f"{version}.0\n".encode()
    for old in folder.iterdir() if folder.exists() else ():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return [folder / name for name in files]


def _description(package: str, page: Page) -> str:
    """Return the launch description: two ways to start, one of which plays by itself."""
    options = [
        ("play", page.title.ru, page.title.en, f'["python3", "-m", "{package}"]'),
        ("headless", "Сам по себе", "By itself", f'["python3", "-m", "{package}", "--headless", "8"]'),
    ]
    return "\n".join(
        f'[[launch]]\nkey = "{key}"\nname = {{ru = "{ru}", en = "{en}"}}\nrun = {run}\n'
        'platforms = ["linux", "macos", "windows"]\n'
        # A folder that is verified must not fill up with files that nobody sent.
        'environment = {PYTHONDONTWRITEBYTECODE = "1", PYTHONUTF8 = "1"}\n'
        f"terminal = {str(key == 'play').lower()}\n"
        for key, ru, en, run in options
    )
