"""Builds that chance makes: each resembles the one before, as builds of a game do."""

from random import Random

from tests.content.format.material import KIB, noise
from tests.content.install.shop import Content

NAMES = ("a", "b.pak", "data", "Игра", "lib", "ё" * 100, "x" * 200)
SIZES = (0, 1, 700, 17 * KIB, 90 * KIB, 260 * KIB)


def first(chance: Random) -> Content:
    """Return a build."""
    files: dict[str, bytes] = {}
    for _ in range(chance.randint(1, 9)):
        _add(files, chance)
    return _dressed(files, chance)


def after(content: Content, chance: Random) -> Content:
    """Return a build that resembles another: files changed, moved, gone, new; folders that were files."""
    files: dict[str, bytes] = {}
    for path, data in content.files.items():
        what = chance.random()
        if what < 0.3:
            _put(files, path, data)
        elif what < 0.6:
            _put(files, path, _changed(data, chance))
        elif what < 0.75:
            _put(files, _path(chance), data)
    for _ in range(chance.randint(0, 4)):
        _add(files, chance)
    return _dressed(files, chance)


def _dressed(files: dict[str, bytes], chance: Random) -> Content:
    links: dict[str, str] = {}
    for path in files:
        link = f"link to {len(links)}"
        if chance.random() < 0.15:
            links[link] = path
    executable = frozenset(path for path in files if chance.random() < 0.2)
    folders = ("empty/one",) if chance.random() < 0.3 else ()
    return Content(files, executable=executable, links=links, folders=folders)


def _add(files: dict[str, bytes], chance: Random) -> None:
    _put(files, _path(chance), _data(chance))


def _path(chance: Random) -> str:
    return "/".join(chance.choice(NAMES) for _ in range(chance.randint(1, 3)))


def _put(files: dict[str, bytes], path: str, data: bytes) -> None:
    """Add a file, unless its path leads through one or is a folder."""
    parts = path.split("/")
    through = any("/".join(parts[:depth]) in files for depth in range(1, len(parts)))
    if not through and not any(other.startswith(f"{path}/") for other in files):
        files[path] = data


def _data(chance: Random) -> bytes:
    pieces = [
        noise(f"piece {chance.randint(0, 6)}", chance.choice(SIZES)) for _ in range(chance.randint(0, 3))
    ]
    return b"".join(pieces)


def _changed(data: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(data))
    return (
        data[:at]
        + bytes([chance.randint(0, 255)]) * chance.randint(1, 60)
        + data[at + chance.randint(0, 9) :]
    )
