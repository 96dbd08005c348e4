"""Where the files of an operation lie while it goes on, and how each comes to its place without harming what is not ours.

An old file stays until its last reader is made; when its place is taken before, it waits in `old/`. What stands in the way and was not
installed by us, or was changed since, is the player's: it goes to `aside/` and is never removed. No folder on the way is a link.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec

from samovar.content.format.paths import folded
from samovar.content.format.plan import Copy, Plan, kept
from samovar.content.format.reading import last_readers
from samovar.content.format.tree import Tree
from samovar.content.install.errors import Damaged
from samovar.content.install.state import State


class Leftovers(msgspec.Struct, frozen=True, array_like=True):
    """Paths of what an earlier build left.

    Attributes:
        files: Files that nobody has changed since, and links.
        folders: They go when they are empty.
    """

    files: tuple[str, ...]
    folders: tuple[str, ...]


NOTHING_LEFT = Leftovers((), ())


class Layout:
    """The files of one operation.

    Args:
        state: The state folder.
        plan: The plan.
        old: The tree it starts from.
        new: The tree it makes.
        stamps: Times of the last change of old files by number; one that differs was changed by the player.
        ours: Paths that may be replaced whatever lies there, because the player asked to have the build as it should be.
        leftovers: What builds before left in the folder and this one does not have.
    """

    def __init__(
        self,
        state: State,
        plan: Plan,
        old: Tree,
        new: Tree,
        *,
        stamps: Mapping[int, int],
        ours: frozenset[str] = frozenset(),
        leftovers: Leftovers = NOTHING_LEFT,
    ) -> None:
        self.state = state
        self.old = old
        self.new = new
        self._disk = state.disk
        self._steps = plan.steps
        self._stamps = stamps
        self._ours = ours
        self._leftovers = leftovers
        self._moved = {int(path.name) for path in state.old.iterdir() if path.name.isdecimal()}
        self._made = {int(path.name) for path in state.new.iterdir() if path.name.isdecimal()}
        self._ready = {""}
        self._touched: set[Path] = set()
        self._links = dict(old.links)
        self._folders = {*old.folders}
        self._leave = self._leaving(plan)

    def _leaving(self, plan: Plan) -> dict[int, list[int]]:
        """Return for each position the old files that go after it; -1 is before the first step."""
        # A file that stays keeps the time at which we wrote it: the player may have changed it since.
        self._staying = {
            number: self.old.numbers[self.new.files[number].path] for number in kept(self.old, self.new)
        }
        staying = {*self._staying.values()}
        last = last_readers(plan.steps)
        makers = {self.new.files[step.file].path: at for at, step in enumerate(plan.steps)}
        leave: dict[int, list[int]] = {}
        self._last = {}
        for number, (path, _) in enumerate(self.old.files):
            if number not in staying:
                position = max(last.get(number, -1), makers.get(path, -1))
                self._last[number] = last.get(number, -1)
                leave.setdefault(position, []).append(number)
        return leave

    def source(self, number: int) -> Path:
        """Return where an old file lies."""
        if number in self._moved:
            return self.state.old / str(number)
        return self.state.game / self.old.files[number].path

    def target(self, number: int) -> Path:
        """Return where a new file lies: in the making, or in its place."""
        temporary = self.making(number)
        return temporary if number in self._made else self.state.game / self.new.files[number].path

    def making(self, number: int) -> Path:
        """Return where a new file is made."""
        return self.state.new / str(number)

    def check(self) -> None:
        """See that the old files that are kept or read are there.

        Raises:
            Damaged: Some are not, or have another size.
        """
        staying = {*self._staying.values()}
        used = {*staying, *(number for number, last in self._last.items() if last >= 0)}
        wrong = []
        for number in sorted(used):
            path, file = self.old.files[number]
            place = self.source(number)
            if not place.is_file() or (place.lstat().st_size != file.size and number not in staying):
                wrong.append(path)
        if wrong:
            raise Damaged(wrong)

    def begin(self, number: int, *, anew: bool) -> Path:
        """Note that a new file is in the making, and return where; what a crash left there of it goes when it is made `anew`.

        It goes, rather than being written over, because it may be a second name of an old file.
        """
        path = self.making(number)
        if anew and number in self._made:
            self._disk.remove(path)
        self._made.add(number)
        return path

    def may_link(self, step: Copy, position: int) -> bool:
        """Whether a copy may be the old file itself: nobody reads it after this step, and it goes."""
        return self._last.get(step.old) == position

    def waiting(self, done: int) -> list[int]:
        """Return the new files of the steps before `done` that are made and not in their places yet."""
        return [step.file for step in self._steps[:done] if step.file in self._made]

    def place(self, begin: int, done: int) -> None:
        """Bring the files of the steps from `begin` on and before `done` to their places, as far as they are not there."""
        for position in range(begin, done):
            number = self._steps[position].file
            if number in self._made:
                path = self.new.files[number].path
                self._clear(path, done)
                self._disk.rename(self.making(number), self.state.game / path)
                self._touch(path)
                self._made.discard(number)

    def leave(self, begin: int, done: int) -> None:
        """Remove the old files that go after the steps from `begin` on and before `done`; a `begin` of -1 is before the first."""
        for position in range(begin, done):
            for number in self._leave.get(position, ()):
                self._drop(number)

    def _drop(self, number: int) -> None:
        path = self.old.files[number].path
        if number in self._moved:
            self._disk.remove(self.state.old / str(number))
            self._moved.discard(number)
        elif path not in self.new.numbers and self._is_file(path) and not self._is_new(path):
            self._retire(path, number)

    def _is_new(self, path: str) -> bool:
        """Whether the file at an old path is a new one under another case: so it is where case does not count."""
        other = self._by_fold.get(folded(path))
        if other is None or other == path:
            return False
        try:
            return (self.state.game / path).samefile(self.state.game / other)
        except OSError:
            return False

    @property
    def _by_fold(self) -> dict[str, str]:
        found: dict[str, str] | None = self.__dict__.get("_folds")
        if found is None:
            found = {folded(path): path for path, _ in self.new.files}
            self.__dict__["_folds"] = found
        return found

    def _is_file(self, path: str) -> bool:
        """Whether a path leads to a file, through real folders."""
        return self._kind(path) == stat.S_IFREG

    def _kind(self, path: str) -> int:
        """Return what lies at a path, 0 for nothing or what lies behind a link."""
        parts = path.split("/")
        at = self.state.game
        for depth, part in enumerate(parts, 1):
            at /= part
            above = "/".join(parts[:depth])
            if depth < len(parts) and above in self._ready:
                continue
            try:
                kind = stat.S_IFMT(at.lstat().st_mode)
            except (FileNotFoundError, NotADirectoryError):
                return 0
            if depth < len(parts):
                if kind != stat.S_IFDIR:
                    return 0
                self._ready.add(above)
        return kind

    def _clear(self, path: str, done: int) -> None:
        """Make room for a file at a path and for the folders above it."""
        parts = path.split("/")
        for depth in range(1, len(parts)):
            self._make_folder("/".join(parts[:depth]), done)
        self._remove(path, done, for_file=True)

    def _make_folder(self, path: str, done: int) -> None:
        """Make a folder; its parents are there."""
        if path in self._ready:
            return
        if self._kind(path) != stat.S_IFDIR:
            self._remove(path, done, for_file=False)
            self._disk.make_folder(self.state.game / path)
            self._touch(path)
        self._ready.add(path)

    def _remove(self, path: str, done: int, *, for_file: bool) -> None:
        """Remove what stands at a path; an old file that will be read waits, what is not ours goes aside.

        What is replaced by a file at once need not go before.
        """
        kind = self._kind(path)
        place = self.state.game / path
        number = self.old.numbers.get(path)
        if not kind:
            return
        if kind == stat.S_IFDIR:
            self._remove_folder(path, done)
        elif kind == stat.S_IFLNK and path in self._links:
            self._disk.remove(place)
        elif kind == stat.S_IFREG and number is not None and self._last.get(number, -1) >= done:
            self._disk.rename(place, self.state.old / str(number))
            self._moved.add(number)
        elif kind == stat.S_IFREG and number is not None:
            self._retire(path, number, replaced=for_file)
        elif path in self._ours:
            if not for_file or kind != stat.S_IFREG:
                self._disk.remove(place)
        else:
            self._set_aside(path)
        self._touch(path)

    def _retire(self, path: str, number: int, *, replaced: bool = False) -> None:
        """Remove an old file, or keep it aside when the player has changed it."""
        found = (self.state.game / path).lstat()
        stamp = self._stamps.get(number)
        changed = stamp is not None and (found.st_mtime_ns, found.st_size) != (
            stamp,
            self.old.files[number].file.size,
        )
        if changed and path not in self._ours:
            self._set_aside(path)
        elif not replaced:
            self._disk.remove(self.state.game / path)
        self._touch(path)

    def _remove_folder(self, path: str, done: int) -> None:
        place = self.state.game / path
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            below = f"{path}/{entry.name}"
            if below in self.old.numbers or below in self._links or below in self._folders:
                self._remove(below, done, for_file=False)
        if not self._disk.remove_folder(place):
            self._set_aside(path)
        self._ready = {one for one in self._ready if one != path and not one.startswith(f"{path}/")}

    def _set_aside(self, path: str) -> None:
        """Keep what is the player's."""
        place = self.state.aside / path.replace("/", "⧸")[-60:]
        number = 0
        while os.path.lexists(place):
            number += 1
            place = place.with_name(f"{number} {path.replace('/', '⧸')[-60:]}")
        self._disk.rename(self.state.game / path, place)
        self._touch(path)

    def _touch(self, path: str) -> None:
        self._touched.add((self.state.game / path).parent)

    def finish(self) -> tuple[int, ...]:
        """Bring folders, links and modes to what the new tree says, and return the times of the files.

        Raises:
            Damaged: A file is missing or has another size.
        """
        done = len(self._steps)
        for path in self.new.folders:
            self._make_folder(path, done)
        self._remove_leftovers()
        for path, target in self.new.links:
            self._link(path, target)
        stamps = self._stamped()
        gone = (self._folders | {*self._leftovers.folders}).difference(self.new.folders)
        for path in sorted(gone, reverse=True):
            if self._kind(path) == stat.S_IFDIR and self._disk.remove_folder(self.state.game / path):
                self._touch(path)
        for folder in sorted(self._touched):
            if folder.is_dir():
                self._disk.sync_folder(folder)
        return stamps

    def _remove_leftovers(self) -> None:
        for path in sorted(self._links.keys() - {path for path, _ in self.new.links}):
            if self._kind(path) == stat.S_IFLNK and path not in self.new.numbers:
                self._disk.remove(self.state.game / path)
                self._touch(path)
        for path in self._leftovers.files:
            if self._kind(path) in {stat.S_IFREG, stat.S_IFLNK} and not self._is_new(path):
                self._disk.remove(self.state.game / path)
                self._touch(path)

    def _link(self, path: str, target: str) -> None:
        place = self.state.game / path
        if self._kind(path) == stat.S_IFLNK and place.readlink().as_posix() == target:
            return
        if self._kind(path) == stat.S_IFLNK:
            self._disk.remove(place)
        self._remove(path, len(self._steps), for_file=False)
        self._disk.symlink(target, place)
        self._touch(path)

    def _stamped(self) -> tuple[int, ...]:
        stamps = []
        wrong = []
        for number, (path, file) in enumerate(self.new.files):
            place = self.state.game / path
            try:
                found = place.lstat()
            except (FileNotFoundError, NotADirectoryError):
                wrong.append(path)
                continue
            if not stat.S_ISREG(found.st_mode) or (
                found.st_size != file.size and number not in self._staying
            ):
                wrong.append(path)
            elif bool(found.st_mode & stat.S_IXUSR) != file.executable and os.name != "nt":
                self._disk.set_mode(place, mode(found.st_mode, executable=file.executable))
            stamps.append(self._stamps.get(self._staying.get(number, -1), found.st_mtime_ns))
        if wrong:
            raise Damaged(wrong)
        return tuple(stamps)


def mode(found: int, *, executable: bool) -> int:
    """Return the modes of a file that may be run by whom it may be read by, or by nobody."""
    plain = stat.S_IMODE(found) & ~0o111
    return plain | (plain & 0o444) >> 2 if executable else plain
