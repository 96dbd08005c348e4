"""Reads the lines of a catalogue file as a stream, whatever its size: plain or gzip, with a byte order mark, with CRLF.

Memory is bounded by `LINE_BYTES_MAX`: a longer line is told of without being held.
"""

import gzip
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from samovar.services.catalog.exchange.errors import FileUnreadable

LINE_BYTES_MAX = 1_048_576
STANDARD_INPUT = Path("-")
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_CHUNK_BYTES = 1_048_576


class RawLine(msgspec.Struct, frozen=True):
    """One line as it stands in the file.

    Attributes:
        number: 1 for the first.
        data: Without its end; none when it is longer than `LINE_BYTES_MAX`.
        end_bytes: How much of the file, after unpacking, has been read with it.
    """

    number: int
    data: bytes | None
    end_bytes: int


class Source:
    """A catalogue file that can be read again and again.

    Attributes:
        path: Where it is read from.
        folder: What its relative paths start from.
    """

    def __init__(self, path: Path, *, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def fingerprint(self) -> str:
        """Return the SHA-256 of the file as it lies there.

        Raises:
            FileUnreadable: It is not there, or may not be read.
        """
        digest = hashlib.sha256()
        with self._raw() as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()

    def lines(self) -> Iterator[RawLine]:
        """Yield the lines that are not empty.

        Raises:
            FileUnreadable: The file is not there, may not be read, or is a broken archive.
        """
        with self._raw() as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw, mode="rb") if packed else raw
            try:
                yield from _lines(file)  # type: ignore[arg-type]  # It reads as any binary file does.
            except (EOFError, gzip.BadGzipFile, OSError) as error:
                raise FileUnreadable(f"{self.path}: {error}", file=str(self.path)) from error

    @contextmanager
    def _raw(self) -> Iterator[BinaryIO]:
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise FileUnreadable(f"{self.path}: {error}", file=str(self.path)) from error
        with file:
            yield file


@contextmanager
def source_of(path: Path) -> Iterator[Source]:
    """Open a catalogue file; what comes from the standard input is put on the disk first, because it is read several times."""
    if path != STANDARD_INPUT:
        yield Source(path, folder=path.resolve().parent)
        return
    with tempfile.NamedTemporaryFile(prefix="samovar-catalog-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Source(Path(copy.name), folder=Path.cwd())


def _lines(file: BinaryIO) -> Iterator[RawLine]:
    number = end_bytes = 0
    while data := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        end_bytes += len(data)
        is_whole = data.endswith(b"\n") or len(data) <= LINE_BYTES_MAX
        while not data.endswith(b"\n") and (more := file.readline(LINE_BYTES_MAX)):
            data = more
            end_bytes += len(more)
        if number == 1:
            data = data.removeprefix(_BOM)
        data = data.rstrip(b"\r\n")
        if not is_whole:
            yield RawLine(number, None, end_bytes)
        elif data.strip():
            yield RawLine(number, data, end_bytes)
