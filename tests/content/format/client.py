"""A client in memory: takes a plan's steps as docs/content-format.md says, from nothing but the plan, the old files and objects."""

from collections.abc import Callable, Mapping

from samovar.content.format.canonical import hash_of
from samovar.content.format.deltas import apply
from samovar.content.format.errors import Tampered
from samovar.content.format.plan import Build, Copy, Plan, kept, read_plan
from samovar.content.format.reading import Stream, Work, last_readers, works
from samovar.content.format.tree import Tree
from tests.content.format.material import Build as Files


class Client:
    """Has the old build and takes it to the new one; `peak` is what it really needed.

    Args:
        files: The old build.
        tree: Its tree.
        read: Returns bytes of an object of the store.
    """

    def __init__(self, files: Files, tree: Tree, read: Callable[[str, int, int], bytes]) -> None:
        self._old = tree
        self._read = read
        self._held = {tree.numbers[path]: data for path, data in files.items()}
        self._size = self._start = sum(map(len, files.values()))
        self.peak = 0

    def take(self, data: bytes) -> Files:
        """Take a plan and return the new build."""
        plan, new = read_plan(data, self._old)
        last = last_readers(plan.steps)
        same = kept(self._old, new)
        made = {number: self._held[self._old.numbers[new.files[number].path]] for number in same}
        staying = {self._old.numbers[new.files[number].path] for number in same}
        self._drop(-1, plan, last, staying, new)
        stream = Stream(plan, self._read)
        for position, work in enumerate(works(plan, self._old, new)):
            content = self._make(work, stream, made)
            if hash_of(content) != new.files[work.step.file].file.hash:
                raise Tampered("a file is not what the tree says")
            made[work.step.file] = content
            self._size += len(content)
            self.peak = max(self.peak, self._size - self._start)
            self._drop(position, plan, last, staying, new)
        return {new.files[number].path: content for number, content in made.items()}

    def _drop(self, position: int, plan: Plan, last: dict[int, int], staying: set[int], new: Tree) -> None:
        """Drop the old files that nobody reads any more and whose place is taken."""
        makers = {new.files[step.file].path: at for at, step in enumerate(plan.steps)}
        for number in [*self._held]:
            path = self._old.files[number].path
            if number not in staying and max(last.get(number, -1), makers.get(path, -1)) <= position:
                self._size -= len(self._held.pop(number))
        self.peak = max(self.peak, self._size - self._start)

    def _make(self, work: Work, stream: Stream, made: dict[int, bytes]) -> bytes:
        if isinstance(work.step, Copy):
            return self._held[work.step.old]
        content = bytearray()
        if isinstance(work.step, Build):
            origins: dict[str, Mapping[int, bytes | bytearray]] = {
                "old": self._held,
                "built": made,
                "itself": {work.step.file: content},
            }
            for part in work.parts:
                if part.origin == "stream":
                    content += stream.chunk(part)
                else:
                    content += origins[part.origin][part.number][part.offset : part.offset + part.chunk.size]
            return bytes(content)
        base = b"".join(self._held[number] for number in work.step.olds)
        for piece, at in work.pieces:
            old = base[piece.offset : piece.offset + piece.length]
            content += apply(piece.kind, old, stream.read(at, piece.delta), piece.size)
        return bytes(content)
