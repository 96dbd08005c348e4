"""Packs the chunks that the platform lacks, in the order of the tree, while others are sent: a few packs are on the disk at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from samovar.content.format.canonical import hash_of
from samovar.content.format.errors import Changed
from samovar.content.format.packs import Pack, PackWriter
from samovar.content.format.scan import look
from samovar.content.format.tree import Tree

# The platform takes packs of up to 16 MiB; one of many small files has an index that is larger than the files.
PACK_BYTES = 4 * 1024 * 1024
THREADS = 2
_PATIENCE_S = 0.2


class Stopped(Exception):
    """Nobody wants the packs any more."""


class Packing:
    """Writes packs into a folder; runs in a thread of its own.

    Args:
        into: Where the packs go.
        ahead: How many may lie there before the next one is begun.
        give: Is called with each pack, in the thread.
    """

    def __init__(self, into: Path, *, ahead: int, give: Callable[[Pack], None]) -> None:
        self._into = into
        self._give = give
        self._places = threading.Semaphore(ahead)
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Give up; `run` raises `Stopped`."""
        self._stopped.set()

    def sent(self, pack: Pack) -> None:
        """Forget a pack that has been sent."""
        (self._into / pack.id.hex()).unlink(missing_ok=True)
        self._places.release()

    def run(self, folder: Path, tree: Tree, wanted: set[bytes]) -> None:
        """Pack the wanted chunks of a folder.

        Raises:
            Changed: A file is not what it was when the tree was made of it.
            Stopped: See `stop`.
            OSError: A file cannot be read, or a pack not be written.
        """
        places = dict(look(folder).files)
        left = set(wanted)
        with ThreadPoolExecutor(THREADS) as threads:
            given = 0
            with PackWriter(self._into, threads, pack_bytes=PACK_BYTES) as writer:
                for path, file in tree.files:
                    chunks = tree.chunks(file)
                    if left.isdisjoint(chunk.id for chunk in chunks):
                        continue
                    if path not in places:
                        raise Changed(f"{path!r} is gone")
                    with places[path].open("rb", buffering=0) as source:
                        at = 0
                        for chunk in chunks:
                            if chunk.id in left:
                                left.discard(chunk.id)
                                source.seek(at)
                                data = source.read(chunk.size)
                                if hash_of(data) != chunk.id:
                                    raise Changed(f"{path!r} was written to while it was pushed")
                                writer.add(chunk, data)
                                given = self._hand_over(writer, given)
                            at += chunk.size
            self._hand_over(writer, given)

    def _hand_over(self, writer: PackWriter, given: int) -> int:
        """Give the packs that are complete, and wait for room."""
        for pack in writer.packs[given:]:
            while not self._places.acquire(timeout=_PATIENCE_S):
                if self._stopped.is_set():
                    raise Stopped
            if self._stopped.is_set():
                raise Stopped
            self._give(pack)
        return len(writer.packs)
