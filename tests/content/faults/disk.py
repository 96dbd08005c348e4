"""A disk that fills up, and on which the process dies at any operation, with or without the power going.

When the power goes, what was not synced may be lost: bytes that were written, in whole or in part, and the last names that were given.
Names are lost from the last one back, as journals of file systems do; a synced folder keeps all names up to its own last one.
"""

import errno
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from samovar.content.install.disk import Disk


class Killed(BaseException):
    """The process is dead."""


class FaultyDisk(Disk):
    """A disk with one fault.

    Args:
        stash: A folder beside the game, for what may have to come back.
        chance: Decides what is lost.
        dies_at: The operation at which the process dies; None for never.
        power: Whether the power goes, then or when the process has ended.
        full_at: The operation from which on the disk is full for a while; None for never.
        forgets_to_sync: The planted fault: nothing is ever synced.
    """

    def __init__(
        self,
        stash: Path,
        chance: Random,
        *,
        dies_at: int | None = None,
        power: bool = False,
        full_at: int | None = None,
        forgets_to_sync: bool = False,
    ) -> None:
        self.operations = 0
        self.trace: list[str] = []
        self._stash = stash
        self._chance = chance
        self._dies_at = dies_at
        self._power = power
        self._full_at = full_at
        self._forgets = forgets_to_sync
        self._dead = False
        self._stashed = 0
        # What is written and not synced: by inode an open file and its ranges.
        self._loose: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        # Names that are given and not synced: the folders, and how to take them back.
        self._names: list[tuple[set[Path], Callable[[], None]]] = []

    def _step(self, what: str) -> bool:
        """Count an operation; returns whether it is the one at which the process dies."""
        if self._dead:
            raise Killed
        self.operations += 1
        self.trace.append(f"{self.operations} {what}")
        if self._full_at is not None and self._full_at <= self.operations < self._full_at + 30:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.operations == self._dies_at

    def _die(self) -> None:
        self._dead = True
        raise Killed

    # Bytes.

    def create(self, path: Path, *, executable: bool = False) -> int:
        dying = self._step(f"create {path.name}")
        if dying and self._chance.random() < 0.5:
            self._die()
        new = not path.exists()
        fd = super().create(path, executable=executable)
        if new:
            self._names.append(({path.parent}, lambda: path.unlink(missing_ok=True)))
        if dying:
            os.close(fd)
            self._die()
        return fd

    def resize(self, fd: int, size: int, *, reserve: bool) -> None:
        if self._step("resize"):
            self._die()
        super().resize(fd, size, reserve=reserve)

    def write(self, fd: int, data: bytes | memoryview, offset: int) -> None:
        if not self._step(f"write {len(data)} at {offset}"):
            super().write(fd, data, offset)
            self._loosen(fd, offset, len(data))
            return
        part = self._chance.randint(0, len(data))
        super().write(fd, data[:part], offset)
        self._loosen(fd, offset, part)
        self._die()

    def copy(self, source: int, at: int, size: int, fd: int, offset: int) -> int:
        if self._step(f"copy {size}"):
            self._die()
        taken = super().copy(source, at, size, fd, offset)
        self._loosen(fd, offset, taken)
        return taken

    def _loosen(self, fd: int, offset: int, size: int) -> None:
        inode = os.fstat(fd).st_ino
        if inode not in self._loose:
            self._loose[inode] = (os.dup(fd), [])
        self._loose[inode][1].append((offset, size))

    def sync(self, fd: int) -> None:
        dying = self._step("sync")
        if dying and self._chance.random() < 0.5:
            self._die()
        held = None if self._forgets else self._loose.pop(os.fstat(fd).st_ino, None)
        if held is not None:
            os.close(held[0])
        if dying:
            self._die()

    # Names.

    def rename(self, path: Path, to: Path) -> None:
        dying = self._step(f"rename {path.name} to {to.name}")
        if dying and self._chance.random() < 0.5:
            self._die()
        back = self._keep(to)
        super().rename(path, to)

        def undo() -> None:
            to.rename(path)
            back()

        self._names.append(({path.parent, to.parent}, undo))
        if dying:
            self._die()

    def _keep(self, path: Path) -> Callable[[], None]:
        """Return what brings a file or link back that an operation is about to take away."""
        if path.is_symlink():
            target = path.readlink()
            return lambda: path.symlink_to(target)
        if not path.is_file():
            return lambda: None
        self._stashed += 1
        kept = self._stash / f"{id(self)}-{self._stashed}"
        os.link(path, kept)
        return partial(os.replace, kept, path)

    def link(self, path: Path, to: Path) -> bool:
        if self._step(f"link {path.name}"):
            self._die()
        if not super().link(path, to):
            return False
        self._names.append(({to.parent}, lambda: to.unlink(missing_ok=True)))
        return True

    def symlink(self, target: str, path: Path) -> None:
        dying = self._step(f"symlink {path.name}")
        super().symlink(target, path)
        self._names.append(({path.parent}, lambda: path.unlink(missing_ok=True)))
        if dying:
            self._die()

    def remove(self, path: Path) -> None:
        dying = self._step(f"remove {path.name}")
        if dying and self._chance.random() < 0.5:
            self._die()
        back = self._keep(path)
        super().remove(path)
        self._names.append(({path.parent}, back))
        if dying:
            self._die()

    def make_folder(self, path: Path) -> None:
        if self._step(f"make folder {path.name}"):
            self._die()
        if not path.exists():
            super().make_folder(path)
            # What other means than this disk have put into it stays.
            self._names.append(({path.parent}, lambda: self._take_away(path)))

    def _take_away(self, path: Path) -> None:
        super().remove_folder(path)

    def remove_folder(self, path: Path) -> bool:
        if self._step(f"remove folder {path.name}"):
            self._die()
        gone = super().remove_folder(path)
        if gone:
            self._names.append(({path.parent}, lambda: path.mkdir(exist_ok=True)))
        return gone

    def set_mode(self, path: Path, mode: int) -> None:
        if self._step(f"mode {path.name}"):
            self._die()
        super().set_mode(path, mode)

    def sync_folder(self, path: Path) -> None:
        if self._step(f"sync folder {path.name}"):
            self._die()
        if self._forgets:
            return
        last = max((at for at, (folders, _) in enumerate(self._names) if path in folders), default=-1)
        del self._names[: last + 1]

    def cut(self) -> None:
        """Let the power go, if it is to go: lose what was not synced, also when the process had ended well."""
        if self._power:
            for _ in range(self._chance.randint(0, len(self._names))):
                self._names.pop()[1]()
        for fd, ranges in self._loose.values():
            if self._power:
                self._tear(fd, ranges)
            os.close(fd)
        self._loose.clear()

    def _tear(self, fd: int, ranges: list[tuple[int, int]]) -> None:
        what = self._chance.random()
        writable = os.open(f"/proc/self/fd/{fd}", os.O_RDWR)
        if what < 0.4:
            os.ftruncate(writable, self._chance.choice(ranges)[0])
        elif what < 0.8:
            for offset, size in self._chance.sample(ranges, (len(ranges) + 1) // 2):
                os.pwrite(writable, bytes(size), offset)
        os.close(writable)
