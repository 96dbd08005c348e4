"""Packs: objects of 16 to 64 MiB that hold whole chunks in zstd frames, so that one range of HTTP carries many chunks.

A pack is its frames, one after another, and then its index in a frame that zstd passes over (RFC 8878, 3.1.2); so a pack is a file that
`zstd -d` reads. Its name is the BLAKE3 of all its bytes. Fresh packs have frames of at most 1 MiB; those that are compressed again in
the background have up to 4 MiB, which made first installs 2 to 4 % smaller.
"""

import os
import struct
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Annotated, BinaryIO, Self

import msgspec
from backports import zstd
from blake3 import blake3
from msgspec import Meta

from samovar.content.format.canonical import HASH_BYTES, Hash, Size, decode, encode, hash_of
from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import Malformed, Tampered, TooLarge

FRAME_BYTES_MAX = 4 * 1024 * 1024
FRESH_FRAME_BYTES = 1024 * 1024
FRESH_LEVEL = 1
SETTLED_FRAME_BYTES = 4 * 1024 * 1024
SETTLED_LEVEL = 9
PACK_BYTES = 32 * 1024 * 1024
INDEX_BYTES_MAX = 64 * 1024 * 1024
SKIPPABLE = 0x184D2A50
# What zstd adds at most to bytes that it cannot make smaller.
FRAME_LENGTH_MAX = FRAME_BYTES_MAX + 64 * 1024

_of_thread = threading.local()


class PackFrame(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A frame of a pack; it begins where the one before it ends.

    Attributes:
        length: Its bytes in the pack.
        hash: BLAKE3 of those bytes.
        ids: The ids of its chunks, 32 bytes each, one after another.
        sizes: The sizes of its chunks; their sum is what it unpacks to.
    """

    length: Annotated[int, Meta(ge=1, le=FRAME_LENGTH_MAX)]
    hash: Hash
    ids: bytes
    sizes: tuple[Annotated[int, Meta(ge=1, le=FRAME_BYTES_MAX)], ...]

    @property
    def size(self) -> int:
        """Bytes when unpacked."""
        return sum(self.sizes)

    def chunks(self) -> list[Chunk]:
        """Return its chunks in order."""
        return [Chunk(self.ids[at * HASH_BYTES :][:HASH_BYTES], size) for at, size in enumerate(self.sizes)]


class PackIndex(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is in a pack."""

    frames: tuple[PackFrame, ...]


class Pack(msgspec.Struct, frozen=True):
    """A pack as the store knows it.

    Attributes:
        id: BLAKE3 of the object; its key is `packs/<hex id>`.
        size: Bytes of the object.
        index: What is in it.
    """

    id: Hash
    size: Size
    index: PackIndex

    @property
    def key(self) -> str:
        """The object's key in the store."""
        return f"packs/{self.id.hex()}"


def pack_frame(data: bytes, level: int) -> bytes:
    """Compress one frame; releases the interpreter's lock. A thread keeps its compressor: making one costs as much as a small frame."""
    kept: dict[int, zstd.ZstdCompressor] = _of_thread.__dict__.setdefault("compressors", {})
    if level not in kept:
        kept[level] = zstd.ZstdCompressor(level)
    return kept[level].compress(data, zstd.ZstdCompressor.FLUSH_FRAME)


def unpack_frame(data: bytes, size: int, expected: bytes) -> bytes:
    """Unpack one frame that comes from somewhere.

    Args:
        data: The bytes of the frame.
        size: What it must unpack to.
        expected: BLAKE3 of `data`.

    Raises:
        Tampered: They are other bytes.
        Malformed: It is no frame, or unpacks to another size; no more than `size` and one byte are ever unpacked.
    """
    if hash_of(data) != expected:
        raise Tampered("a frame is not the one that was asked for")
    try:
        decompressor = zstd.ZstdDecompressor()
        unpacked = decompressor.decompress(data, max_length=size)
        while not decompressor.eof and not decompressor.needs_input and len(unpacked) <= size:
            unpacked += decompressor.decompress(b"", max_length=size + 1 - len(unpacked))
    except zstd.ZstdError as error:
        raise Malformed(f"a frame cannot be unpacked: {error}") from None
    if len(unpacked) != size or not decompressor.eof or decompressor.unused_data:
        raise Malformed(f"a frame does not unpack to {size} bytes")
    return unpacked


def split_frame(frame: PackFrame, data: bytes) -> Iterator[tuple[Chunk, bytes]]:
    """Unpack a frame of a pack and yield its chunks.

    Raises:
        Tampered: The frame or a chunk is not what its id says.
        Malformed: It cannot be unpacked.
    """
    unpacked = unpack_frame(data, frame.size, frame.hash)
    at = 0
    for chunk in frame.chunks():
        piece = unpacked[at : at + chunk.size]
        if hash_of(piece) != chunk.id:
            raise Tampered(f"a chunk is not what its id {chunk.id.hex()} says")
        yield chunk, piece
        at += chunk.size


class PackWriter:
    """Writes chunks into packs in a folder, each named by its id when it is complete; a frame and its neighbours are in memory.

    Use it as a context: at its end the last pack is complete, after an error nothing unfinished is left.

    Args:
        folder: Where the packs go.
        threads: Compresses the frames.
        level: Of zstd.
        frame_bytes: Of chunks in a frame at most.
        pack_bytes: A pack is complete when it has so many or more.
        ahead: How many frames may be in the making.
    """

    def __init__(
        self,
        folder: Path,
        threads: Executor,
        *,
        level: int = FRESH_LEVEL,
        frame_bytes: int = FRESH_FRAME_BYTES,
        pack_bytes: int = PACK_BYTES,
        ahead: int = 4,
    ) -> None:
        self.packs: list[Pack] = []
        self._folder = folder
        self._threads = threads
        self._level = level
        self._frame_bytes = frame_bytes
        self._pack_bytes = pack_bytes
        self._ahead = ahead
        self._chunks: list[Chunk] = []
        self._pieces: list[bytes] = []
        self._held = 0
        self._pending: deque[tuple[list[Chunk], Future[bytes]]] = deque()
        self._path = folder / f"unfinished-{os.getpid()}-{id(self)}"
        self._file: BinaryIO | None = None
        self._frames: list[PackFrame] = []
        self._written = 0
        self._hasher = blake3()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._seal_frame()
            self._drain(0)
            self._seal_pack()
        elif self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def add(self, chunk: Chunk, data: bytes) -> None:
        """Write a chunk; the caller sees to it that none is written twice."""
        if chunk.size > FRAME_BYTES_MAX:
            raise TooLarge(f"a chunk of {chunk.size} bytes")
        if self._held + chunk.size > self._frame_bytes:
            self._seal_frame()
        self._chunks.append(chunk)
        self._pieces.append(data)
        self._held += chunk.size

    def _seal_frame(self) -> None:
        if self._chunks:
            data = b"".join(self._pieces)
            self._pending.append((self._chunks, self._threads.submit(pack_frame, data, self._level)))
            self._chunks, self._pieces, self._held = [], [], 0
            self._drain(self._ahead)

    def _drain(self, left: int) -> None:
        while len(self._pending) > left:
            chunks, packed = self._pending.popleft()
            self._write(chunks, packed.result())

    def _write(self, chunks: list[Chunk], data: bytes) -> None:
        if self._file is None:
            self._file = self._path.open("wb")
        sizes = tuple(chunk.size for chunk in chunks)
        self._frames.append(
            PackFrame(len(data), hash_of(data), b"".join(chunk.id for chunk in chunks), sizes)
        )
        self._append(data)
        if self._written >= self._pack_bytes:
            self._seal_pack()

    def _append(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            self._hasher.update(data)
            self._written += len(data)

    def _seal_pack(self) -> None:
        if self._file is None:
            return
        index = PackIndex(tuple(self._frames))
        self._append(trailer(index))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        pack = Pack(self._hasher.digest(), self._written, index)
        self._path.replace(self._folder / pack.id.hex())
        self.packs.append(pack)
        self._file, self._frames, self._written, self._hasher = None, [], 0, blake3()


def trailer(index: PackIndex) -> bytes:
    """Return the end of a pack: a skippable frame with the index and, last, the index's length."""
    data = encode(index)
    return struct.pack("<II", SKIPPABLE, len(data) + 4) + data + struct.pack("<I", len(data))


def read_pack(file: BinaryIO) -> Pack:
    """Read a pack's index and check the whole object; what it holds is checked when it is unpacked.

    Raises:
        Malformed: It is no pack.
    """
    hasher = blake3()
    while piece := file.read(FRESH_FRAME_BYTES):
        hasher.update(piece)
    size = file.tell()
    file.seek(max(0, size - 4))
    last = file.read(4)
    length = struct.unpack("<I", last)[0] if len(last) == 4 else 0  # noqa: PLR2004  the length's own bytes
    if not 0 < length <= min(INDEX_BYTES_MAX, size - 12):
        raise Malformed("a pack without an index")
    file.seek(size - 12 - length)
    end = file.read(length + 12)
    index = decode(end[8:-4], PackIndex, bytes_max=INDEX_BYTES_MAX)
    if end != trailer(index) or sum(frame.length for frame in index.frames) != size - len(end):
        raise Malformed("a pack whose index does not fit its frames")
    if any(len(frame.ids) != HASH_BYTES * len(frame.sizes) for frame in index.frames):
        raise Malformed("a pack whose index lacks an id or a size")
    return Pack(hasher.digest(), size, index)
