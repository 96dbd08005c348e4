"""Reads a DEP-11 file as a stream: YAML documents, plain or gzip. Only games are parsed, the rest is passed over as text."""

import gzip
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from samovar.services.catalog.exchange.errors import FileUnreadable

DOCUMENT_BYTES_MAX = 4_194_304
LINE_BYTES_MAX = 1_048_576
_GZIP = b"\x1f\x8b"
_PART = b"---\n"
_GAME = b"- Game\n"


class Component(dict[str, Any]):
    """A component as its YAML has it."""


def games_in(path: Path) -> Iterator[Component]:
    """Yield the games of a file.

    Raises:
        FileUnreadable: It is not there, is a broken archive or no YAML, or a document in it is larger than `DOCUMENT_BYTES_MAX`.
    """
    # Loaded here: a process that never imports such a file does without.
    yaml: Any = importlib.import_module("yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            file: Any = gzip.GzipFile(fileobj=raw, mode="rb") if packed else raw
            for text in _documents(file, path):
                if _GAME not in text:
                    continue
                found = yaml.load(text, Loader=loader)
                if isinstance(found, dict) and "Game" in _list(found.get("Categories")):
                    yield Component(found)
    except (OSError, EOFError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"{path}: {error}", file=str(path)) from error


def _documents(file: BinaryIO, path: Path) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    while line := file.readline(LINE_BYTES_MAX):
        if line == _PART:
            yield b"".join(lines)
            lines, size = [], 0
            continue
        lines.append(line)
        size += len(line)
        if size > DOCUMENT_BYTES_MAX:
            raise FileUnreadable(
                f"{path}: a document of more than {DOCUMENT_BYTES_MAX} bytes", file=str(path)
            )
    yield b"".join(lines)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
