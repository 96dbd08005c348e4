"""Compresses packs again in the background: a build must be live in seconds, and is then downloaded for years."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path

from samovar.content.format.chunking import Chunk
from samovar.content.format.packs import SETTLED_FRAME_BYTES, SETTLED_LEVEL, Pack, PackWriter, split_frame

# Gives the bytes of a pack from the first one to the one before the last.
Read = Callable[[Pack, int, int], bytes]


def settle(packs: Iterable[Pack], read: Read, into: Path, threads: Executor) -> list[Pack]:
    """Write the chunks of packs, each once, into packs with larger frames, at a higher level; few frames are in memory.

    Raises:
        Tampered: A frame or chunk is not what its id says.
        Malformed: A frame cannot be unpacked.
        OSError: A pack cannot be read or written.
    """
    written: set[bytes] = set()
    with PackWriter(into, threads, level=SETTLED_LEVEL, frame_bytes=SETTLED_FRAME_BYTES) as writer:
        for pack in packs:
            for chunk, data in unpacked(pack, read):
                if chunk.id not in written:
                    written.add(chunk.id)
                    writer.add(chunk, data)
    return writer.packs


def unpacked(pack: Pack, read: Read) -> Iterator[tuple[Chunk, bytes]]:
    """Yield the chunks of a pack; a frame is in memory."""
    offset = 0
    for frame in pack.index.frames:
        yield from split_frame(frame, read(pack, offset, offset + frame.length))
        offset += frame.length


def in_folder(folder: Path) -> Read:
    """Read packs that lie in a folder by their ids."""

    def read(pack: Pack, begin: int, end: int) -> bytes:
        with (folder / pack.id.hex()).open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)

    return read
