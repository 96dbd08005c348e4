"""Makes the files of a plan from portions: beside the old ones, verified, on the disk, written down, and only then in their places.

Everything here runs in one thread. Files are committed in batches: a batch costs one record of the journal, and at most `BATCH_BYTES`
of disk beyond what the plan says.
"""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from blake3 import blake3

from samovar.content.format.canonical import hash_of
from samovar.content.format.deltas import apply
from samovar.content.format.errors import Malformed, Tampered
from samovar.content.format.plan import Copy, Patch, Plan
from samovar.content.install.disk import open_source, read_at
from samovar.content.install.errors import Damaged
from samovar.content.install.journal import Journal, Made, Synced
from samovar.content.install.layout import Layout
from samovar.content.install.portions import LOCAL, Frames, Group, Portion, runs

BATCH_BYTES = 64 * 1024 * 1024
BATCH_FILES = 256
# So much of a large file is written at most twice when the process dies.
SYNC_BYTES = 64 * 1024 * 1024
READ_BYTES = 4 * 1024 * 1024
BLOCK_BYTES = 4096
SHARE_BYTES_MIN = 256 * 1024
SOURCES_OPEN = 16
# The largest chunk of a run of zeros, as players' disks hold it: nothing.
ZEROS_ID = hash_of(bytes(256 * 1024))


class Unfinished(NamedTuple):
    """The file in the making.

    Attributes:
        step: Its step.
        fd: Open to write.
        hasher: Of what is written; None when a part was written before this process, so that it is read again at the end.
    """

    step: int
    fd: int
    hasher: "blake3 | None"


class Builder:
    """Makes files.

    Args:
        layout: Where they lie.
        plan: The plan.
        journal: What is done is written there.
        found: Paths of files that chunks were found in, from the root of the build.
    """

    def __init__(self, layout: Layout, plan: Plan, journal: Journal, found: Sequence[str]) -> None:
        self.verified = 0
        self._layout = layout
        self._disk = layout.state.disk
        self._plan = plan
        self._journal = journal
        self._found = found
        self._starts = Frames(plan).starts
        self._done = self._committed = journal.done
        self._synced = {step: offset for step, offset in journal.synced.items() if self._is_there(step)}
        self._pending: list[int] = []
        self._pending_bytes = 0
        self._complete = journal.done
        self._current: Unfinished | None = None
        self._offset = self._since = 0
        self._sources: dict[tuple[str, int], int] = {}

    def take(self, group: Group, frames: Mapping[int, bytes]) -> None:
        """Write a group.

        Args:
            group: The portions, from where the last call ended.
            frames: The frames that it needs, unpacked.

        Raises:
            Damaged: An old file is not what it should be.
            Tampered: What was fetched is not what the tree says.
            Malformed: A delta cannot be applied.
            OSError: The disk failed or is full.
        """
        for run in runs(group.portions):
            portion = run[0]
            if self._current is None or self._current.step != portion.step:
                self._open(portion)
            if portion.offset >= self._offset:
                self._write(run, frames)
                self._offset = run[-1].offset + run[-1].size
            self.verified += sum(one.size for one in run)
            if run[-1].last:
                self._close(portion.step)
            elif self._since >= SYNC_BYTES:
                self.pause()

    def wanted(self, portion: Portion) -> bool:
        """Whether a portion is still to be written; those before it in the plan are not, when it is not."""
        return portion.step >= self._done and portion.offset >= self._synced.get(portion.step, 0)

    def check_waiting(self) -> None:
        """See that files that were made before a crash are what they were when that was written down.

        Raises:
            Damaged: The disk has lost what it said it had.
        """
        wrong = []
        for number in self._layout.waiting(self._done):
            path, file = self._layout.new.files[number]
            fd = open_source(self._layout.making(number))
            if self._read_again(fd, file.size).digest() != file.hash:
                wrong.append(path)
            os.close(fd)
        if wrong:
            raise Damaged(wrong)

    def _file(self, step: int) -> int:
        return self._plan.steps[step].file

    def _is_there(self, step: int) -> bool:
        number = self._file(step)
        path = self._layout.making(number)
        return path.exists() and path.stat().st_size == self._layout.new.files[number].file.size

    def _open(self, portion: Portion) -> None:
        number = self._file(portion.step)
        file = self._layout.new.files[number].file
        self._offset = self._synced.get(portion.step, 0)
        path = self._layout.begin(number, anew=not self._offset)
        self._since = 0
        if self._offset:
            self._current = Unfinished(portion.step, self._disk.reopen(path), None)
            return
        step = self._plan.steps[portion.step]
        if isinstance(step, Copy) and self._linked(step, portion.step):
            self._current = Unfinished(portion.step, open_source(path), None)
            self._offset = portion.size
            return
        fd = self._disk.create(path, executable=file.executable)
        self._current = Unfinished(portion.step, fd, blake3())
        sparse = file.chunks and any(chunk.id == ZEROS_ID for chunk in self._layout.new.chunks(file))
        if file.size > READ_BYTES:
            self._disk.resize(fd, file.size, reserve=not sparse)

    def _linked(self, step: Copy, position: int) -> bool:
        return self._layout.may_link(step, position) and self._disk.link(
            self._layout.source(step.old), self._layout.making(step.file)
        )

    def _write(self, run: Sequence[Portion], frames: Mapping[int, bytes]) -> None:
        portion = run[0]
        if portion.origin == "copy":
            self._copy(portion)
        elif portion.origin in LOCAL:
            self._write_local(run)
        elif portion.origin == "stream":
            data = self._of_stream(portion.at, portion.size, frames)
            if hash_of(data) != portion.chunk:
                raise Tampered(f"a chunk is not what its id {portion.chunk.hex()} says")
            self._put(data, portion)
        elif portion.piece is not None:
            self._patch(portion, frames)

    def _put(self, data: bytes, portion: Portion) -> None:
        current = self._unfinished()
        # In a file that is new zeros are there already, as holes.
        if portion.chunk != ZEROS_ID or portion.last or current.hasher is None:
            self._disk.write(current.fd, data, portion.offset)
        self._written(data)

    def _write_local(self, run: Sequence[Portion]) -> None:
        """Write a run of chunks that another file has; the kernel shares their blocks where it can, which needs whole blocks."""
        first = run[0]
        total = sum(portion.size for portion in run)
        aligned = first.origin != "itself" and not (first.at - first.offset) % BLOCK_BYTES
        share = aligned and total >= SHARE_BYTES_MIN
        for portion in run:
            data = self._local(portion)
            if share:
                self._written(data)
            else:
                self._put(data, portion)
        if share:
            self._share(first, total)

    def _share(self, first: Portion, total: int) -> None:
        source, fd = self._source(first), self._unfinished().fd
        head = -first.offset % BLOCK_BYTES
        body = (total - head) // BLOCK_BYTES * BLOCK_BYTES
        taken = self._disk.copy(source, first.at + head, body, fd, first.offset + head)
        for begin, end in ((0, head), (head + taken, total)):
            if begin < end:
                data = read_at(source, end - begin, first.at + begin)
                self._disk.write(fd, data, first.offset + begin)

    def _written(self, data: bytes) -> None:
        current = self._unfinished()
        if current.hasher is not None:
            current.hasher.update(data)
        self._since += len(data)

    def _unfinished(self) -> Unfinished:
        if self._current is None:
            raise RuntimeError("no file is open")
        return self._current

    def _of_stream(self, at: int, size: int, frames: Mapping[int, bytes]) -> bytes:
        found = []
        for number in sorted(frames):
            start = self._starts[number]
            begin, end = max(at, start), min(at + size, self._starts[number + 1])
            if begin < end:
                found.append(frames[number][begin - start : end - start])
        return found[0] if len(found) == 1 else b"".join(found)

    def _local(self, portion: Portion) -> bytes:
        fd = self._source(portion)
        data = read_at(fd, portion.size, portion.at)
        if hash_of(data) != portion.chunk:
            raise Damaged([self._path(portion)])
        return data

    def _copy(self, portion: Portion) -> None:
        """Copy a whole file; its blocks are shared where the disk can do that."""
        current = self._unfinished()
        source = self._source(portion)
        at = 0
        while at < portion.size:
            data = read_at(source, min(READ_BYTES, portion.size - at), at)
            if not data:
                raise Damaged([self._path(portion)])
            taken = 0
            if len(data) >= SHARE_BYTES_MIN:
                taken = self._disk.copy(source, at, len(data), current.fd, at)
            self._disk.write(current.fd, memoryview(data)[taken:], at + taken)
            self._written(data)
            at += len(data)

    def _patch(self, portion: Portion, frames: Mapping[int, bytes]) -> None:
        piece = portion.piece
        step = self._plan.steps[portion.step]
        if piece is None or not isinstance(step, Patch):
            raise Malformed("a piece of a file that is not patched")
        old = self._joined(step.olds, piece.offset, piece.length)
        delta = self._of_stream(portion.at, piece.delta, frames)
        made = apply(piece.kind, old, delta, piece.size)
        self._disk.write(self._unfinished().fd, made, portion.offset)
        self._written(made)

    def _joined(self, numbers: Sequence[int], offset: int, size: int) -> bytes:
        found = []
        for number in numbers:
            length = self._layout.old.files[number].file.size
            taken = max(0, min(size, length - offset))
            if taken and offset < length:
                data = read_at(self._open_source("old", number), taken, offset)
                if len(data) != taken:
                    raise Damaged([self._layout.old.files[number].path])
                found.append(data)
                size -= taken
                offset = 0
            else:
                offset -= length
        return b"".join(found)

    def _source(self, portion: Portion) -> int:
        if portion.origin == "itself":
            return self._unfinished().fd
        return self._open_source("old" if portion.origin == "copy" else portion.origin, portion.number)

    def _open_source(self, origin: str, number: int) -> int:
        key = (origin, number)
        if key in self._sources:
            return self._sources[key]
        if len(self._sources) >= SOURCES_OPEN:
            os.close(self._sources.pop(next(iter(self._sources))))
        if origin == "found":
            path = self._layout.state.game / self._found[number]
        else:
            path = self._layout.source(number) if origin == "old" else self._layout.target(number)
        try:
            self._sources[key] = open_source(path)
        except FileNotFoundError:
            raise Damaged([self._name(origin, number)]) from None
        return self._sources[key]

    def _path(self, portion: Portion) -> str:
        return self._name("old" if portion.origin == "copy" else portion.origin, portion.number)

    def _name(self, origin: str, number: int) -> str:
        if origin == "found":
            return self._found[number]
        tree = self._layout.old if origin == "old" else self._layout.new
        return tree.files[number].path

    def _close(self, step: int) -> None:
        current = self._unfinished()
        number = self._file(step)
        path, file = self._layout.new.files[number]
        hasher = current.hasher or self._read_again(current.fd, file.size)
        if hasher.digest() != file.hash:
            self._blame(step, path)
        self._current = None
        self._pending.append(current.fd)
        self._pending_bytes += file.size
        self._complete = step + 1
        if self._pending_bytes >= BATCH_BYTES or len(self._pending) >= BATCH_FILES:
            self.commit()

    def _read_again(self, fd: int, size: int) -> "blake3":
        hasher = blake3()
        at = 0
        while at < size and (data := read_at(fd, READ_BYTES, at)):
            hasher.update(data)
            at += len(data)
        return hasher

    def _blame(self, step: int, path: str) -> None:
        """Say whose fault a wrong file is: that of an old file that has changed, or of what was fetched.

        Raises:
            Damaged: An old file that it is made from has changed, or what was written before a crash is not there any more.
            Tampered: None has.
        """
        made_of = self._plan.steps[step]
        olds = (made_of.old,) if isinstance(made_of, Copy) else getattr(made_of, "olds", ())
        wrong = []
        for number in olds:
            old, file = self._layout.old.files[number]
            if self._read_again(self._open_source("old", number), file.size).digest() != file.hash:
                wrong.append(old)
        if wrong or self._unfinished().hasher is None:
            if self._synced.get(step):
                self._journal.append(Synced(step, 0))
            raise Damaged(wrong or [path])
        raise Tampered(f"{path!r} is not what the tree says")

    def commit(self) -> None:
        """Bring all complete files to the disk, write that down, and bring them to their places."""
        if self._complete == self._committed:
            return
        self._disk.sync_all(self._pending)
        if self._pending:
            self._disk.sync_folder(self._layout.state.new)
        self._journal.append(Made(self._complete))
        self._close_all()
        self._layout.place(self._committed, self._complete)
        self._layout.leave(self._committed, self._complete)
        self._committed = self._complete

    def skip_to(self, step: int) -> None:
        """Note that the files of all steps before `step` are there."""
        self._complete = max(self._complete, step)

    def pause(self) -> None:
        """Bring what is written of the file in the making to the disk, so that it need not be fetched again."""
        self.commit()
        current = self._current
        if current is not None and self._since:
            self._disk.sync(current.fd)
            self._disk.sync_folder(self._layout.state.new)
            self._journal.append(Synced(current.step, self._offset))
            self._since = 0

    def _close_all(self) -> None:
        for fd in [*self._pending, *self._sources.values()]:
            os.close(fd)
        self._pending, self._sources, self._pending_bytes = [], {}, 0

    def close(self) -> None:
        """Close what is open."""
        self._close_all()
        if self._current is not None:
            os.close(self._current.fd)
            self._current = None
