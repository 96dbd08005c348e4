"""Compresses packs again in the background: a build must be live in seconds, and is then downloaded for years."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path

from samovar.content.format.chunking import Chunk
from samovar.content.format.packs import SETTLED_FRAME_BYTES, SETTLED_LEVEL, Pack, PackWriter, split_frame


def settle(packs: Iterable[Pack], folder: Path, into: Path, threads: Executor) -> list[Pack]:
    """Write the chunks of packs that lie in a folder by their ids into packs with larger frames, at a higher level.

    Raises:
        Tampered: A frame or chunk is not what its id says.
        Malformed: A frame cannot be unpacked.
        OSError: A pack cannot be read or written.
    """
    with PackWriter(into, threads, level=SETTLED_LEVEL, frame_bytes=SETTLED_FRAME_BYTES) as writer:
        for pack in packs:
            for chunk, data in unpacked(pack, folder):
                writer.add(chunk, data)
    return writer.packs


def unpacked(pack: Pack, folder: Path) -> Iterator[tuple[Chunk, bytes]]:
    """Yield the chunks of a pack that lies in a folder by its id; a frame is in memory."""
    with (folder / pack.id.hex()).open("rb") as file:
        for frame in pack.index.frames:
            yield from split_frame(frame, file.read(frame.length))
