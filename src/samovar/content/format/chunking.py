"""Where a file is cut: FastCDC, so that bytes inserted in the middle move one or two cuts and no more.

The variant is the one of the package `fastcdc` (ronomon's): a gear hash that shifts right, a strict mask up to the centre and a
loose one after it. `docs/content-format.md` writes it down with test vectors, because implementations of FastCDC differ.
A file is cut for itself: joining small files first made updates of many small files 1.6 times larger.
"""

from collections.abc import Iterator
from typing import BinaryIO

import fastcdc
import msgspec

from samovar.content.format.canonical import Hash, Size, hash_of

# The cutter holds the interpreter's lock, so it is given little at a time: 2 GB/s and 4 MiB make about 2 ms.
SLICE_BYTES = 4 * 1024 * 1024


class Chunking(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How files are cut, sizes in bytes. A file of at most `least` bytes is one chunk, an empty file has none."""

    least: Size = 16 * 1024
    average: Size = 64 * 1024
    most: Size = 256 * 1024


STANDARD = Chunking()


class Chunk(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A piece of a file.

    Attributes:
        id: BLAKE3 of its bytes.
        size: In bytes.
    """

    id: Hash
    size: Size


def cut(file: BinaryIO, chunking: Chunking = STANDARD) -> Iterator[bytes]:
    """Yield the chunks of a file from where it stands; holds `SLICE_BYTES` and one chunk in memory."""
    held = b""
    while True:
        more = file.read(SLICE_BYTES)
        held += more
        if not held:
            return
        done = 0
        view = memoryview(held)
        for piece in fastcdc.fastcdc(held, chunking.least, chunking.average, chunking.most):
            # A later cut may still fall into the last piece, unless the piece is whole already.
            if more and piece.offset + chunking.most > len(held):
                break
            yield bytes(view[piece.offset : piece.offset + piece.length])
            done = piece.offset + piece.length
        view.release()
        held = held[done:]
        if not more:
            return


def chunk_of(data: bytes) -> Chunk:
    """Name a piece."""
    return Chunk(hash_of(data), len(data))
