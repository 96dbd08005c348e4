"""What an installation has done, written down before it counts: after a crash its last whole record says where to go on.

A record is its length (4 bytes, low first), the first 16 bytes of the BLAKE3 of the checksum before it and its bytes, and its bytes:
MessagePack as everywhere in the format. The first checksum is 16 zero bytes. What does not fit is the torn end of a crash, and is cut off.
"""

import os
import struct
from pathlib import Path
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from samovar.content.format.canonical import HASH_BYTES, Count, Hash, Size, encode, hash_of
from samovar.content.install.disk import Disk
from samovar.content.install.errors import Damaged

CHECK_BYTES = 16
HEAD = struct.Struct(f"<I{CHECK_BYTES}s")
RECORD_BYTES_MAX = 64 * 1024
JOURNAL_BYTES_MAX = 256 * 1024 * 1024

Text = Annotated[str, Meta(max_length=200)]


class Begun(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """An operation has begun.

    Attributes:
        operation: Its number in this folder.
        plan: BLAKE3 of the plan.
        old: Id of the tree that the plan starts from.
        new: Id of the tree that it makes.
        found: BLAKE3 of the list of what was found on the disk, for a plan from the empty tree; otherwise empty.
        app: The app's UUID, 16 bytes.
        branch: Of the app.
        build: As the platform names it.
    """

    operation: Count
    plan: Hash
    old: Hash
    new: Hash
    found: Annotated[bytes, Meta(max_length=HASH_BYTES)]
    app: Annotated[bytes, Meta(max_length=16)]
    branch: Text
    build: Text


class Synced(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """Of the file of a step, all before `offset` is on the disk."""

    step: Count
    offset: Size


class Made(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """The files of all steps before `done` are on the disk, verified; they may still lie in the state folder."""

    done: Count


Record = Begun | Synced | Made


class Journal:
    """The journal of one operation.

    Args:
        fd: The open file; the journal owns it.
        disk: Writes.
        records: What stands in it.
        end: Where the next record goes.
        check: The checksum of the last one.
    """

    def __init__(self, fd: int, disk: Disk, records: list[Record], end: int, check: bytes) -> None:
        self.records = records
        self._fd = fd
        self._disk = disk
        self._end = end
        self._check = check

    @classmethod
    def create(cls, path: Path, disk: Disk, begun: Begun) -> Self:
        """Begin a journal in the place of the one before; when this returns it is on the disk."""
        part = path.with_name(f"{path.name}.part")
        journal = cls(disk.create(part), disk, [], 0, bytes(CHECK_BYTES))
        try:
            journal.append(begun)
            disk.rename(part, path)
            disk.sync_folder(path.parent)
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def open(cls, path: Path, disk: Disk) -> Self | None:
        """Read a journal and cut off its torn end; None if there is none.

        Raises:
            Damaged: Nothing in it is whole, which no crash leaves: nobody knows what lies in the folder.
        """
        try:
            fd = disk.reopen(path)
        except FileNotFoundError:
            return None
        try:
            data = path.read_bytes() if path.stat().st_size <= JOURNAL_BYTES_MAX else b""
            records, end, check = _read(data)
            if end < len(data):
                disk.resize(fd, end, reserve=False)
        except BaseException:
            os.close(fd)
            raise
        return cls(fd, disk, records, end, check)

    @property
    def begun(self) -> Begun:
        """What the operation is."""
        first = self.records[0]
        if not isinstance(first, Begun):
            raise TypeError("a journal begins with what has begun")
        return first

    @property
    def done(self) -> int:
        """How many steps are made."""
        return max((one.done for one in self.records if isinstance(one, Made)), default=0)

    @property
    def synced(self) -> dict[int, int]:
        """For steps that are not made, how much of their file is on the disk."""
        return {one.step: one.offset for one in self.records if isinstance(one, Synced)}

    def append(self, record: Record) -> None:
        """Write a record; when this returns it is on the disk."""
        data = encode(record)
        check = hash_of(self._check + data)[:CHECK_BYTES]
        written = HEAD.pack(len(data), check) + data
        self._disk.write(self._fd, written, self._end)
        self._disk.sync(self._fd)
        self._end += len(written)
        self._check = check
        self.records.append(record)

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _read(data: bytes) -> tuple[list[Record], int, bytes]:
    records: list[Record] = []
    at, check = 0, bytes(CHECK_BYTES)
    while at + HEAD.size <= len(data):
        length, expected = HEAD.unpack_from(data, at)
        body = data[at + HEAD.size : at + HEAD.size + length]
        if len(body) != length or length > RECORD_BYTES_MAX:
            break
        if hash_of(check + body)[:CHECK_BYTES] != expected:
            break
        try:
            records.append(msgspec.msgpack.decode(body, type=Record))
        except msgspec.DecodeError:
            break
        at, check = at + HEAD.size + length, expected
    if not records or not isinstance(records[0], Begun):
        raise Damaged([])
    return records, at, check
