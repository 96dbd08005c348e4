"""One operation on a folder, from a plan to the new build: begun, resumed and finished by the same code, without the network."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import suppress
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from samovar.content.format.canonical import Count, Size, encode, hash_of
from samovar.content.format.chunking import STANDARD
from samovar.content.format.errors import Malformed, Tampered
from samovar.content.format.manifest import check_tree
from samovar.content.format.plan import Plan, read_plan
from samovar.content.format.tree import Tree
from samovar.content.install.building import Builder
from samovar.content.install.errors import Damaged, Occupied
from samovar.content.install.journal import Begun, Journal
from samovar.content.install.layout import NOTHING_LEFT, Layout, Leftovers
from samovar.content.install.looking import find_chunks, verify
from samovar.content.install.portions import (
    Frames,
    Group,
    Place,
    Portion,
    Stock,
    grouped,
    needs,
    portions,
)
from samovar.content.install.space import budget
from samovar.content.install.state import VERSION, Installed, State, empty_tree
from samovar.content.install.trust import Offer

HASH = 32


class Found(msgspec.Struct, frozen=True, array_like=True):
    """What of a build was found on the disk.

    Attributes:
        intact: Numbers of the new files that are complete.
        paths: Of files that hold chunks of the build.
        ids: For each such file the ids of the chunks, one after another.
        places: For each such file where the chunks begin.
        replace: Whether the folder is ours, so that files at the build's paths may be replaced whatever they are.
        leftovers: What an earlier build left.
    """

    intact: tuple[Count, ...]
    paths: tuple[Annotated[str, Meta(max_length=4096)], ...]
    ids: tuple[bytes, ...]
    places: tuple[tuple[Size, ...], ...]
    replace: bool
    leftovers: Leftovers

    def stock(self, plan: Plan, new: Tree) -> Stock:
        """Return where chunks lie and until when: a file goes when its own step is taken."""
        makers = {new.files[step.file].path: at for at, step in enumerate(plan.steps)}
        places: dict[bytes, Place] = {}
        for number, path in enumerate(self.paths):
            until = makers.get(path, len(plan.steps))
            for at, offset in enumerate(self.places[number]):
                chunk = self.ids[number][at * HASH : (at + 1) * HASH]
                if chunk not in places or places[chunk].until < until:
                    places[chunk] = Place(number, offset, until)
        return Stock(frozenset(self.intact), places)


class Operation(NamedTuple):
    """An operation that can go on.

    Attributes:
        plan: The plan.
        new: The tree that it makes.
        layout: Where the files lie.
        journal: What it has done.
        builder: Makes the files.
        stock: What was on the disk before it.
        old: The tree that the plan starts from.
    """

    plan: Plan
    new: Tree
    layout: Layout
    journal: Journal
    builder: Builder
    stock: Stock
    old: Tree

    def groups(self) -> Iterator[Group]:
        """Yield what is still to be written."""
        return grouped(self._wanted(), Frames(self.plan))

    def _wanted(self) -> Iterator[Portion]:
        return filter(self.builder.wanted, portions(self.plan, self.old, self.new, self.stock))

    def left(self) -> tuple[set[int], int, int]:
        """Return the frames that are still needed, the bytes still to be written, and those of the whole operation."""
        frames = Frames(self.plan)
        needed: set[int] = set()
        left = whole = 0
        for portion in portions(self.plan, self.old, self.new, self.stock):
            whole += portion.size
            if self.builder.wanted(portion):
                left += portion.size
                needed.update(needs(portion, frames))
        return needed, left, whole

    def finish(self, state: State) -> Installed:
        """Commit what is made, bring everything else to what the new tree says, and write down that it is installed.

        Raises:
            Damaged: A file that should be there is not.
            OSError: The disk failed.
        """
        self.builder.skip_to(len(self.plan.steps))
        self.builder.commit()
        begun = self.journal.begun
        installed = Installed(
            VERSION,
            begun.operation,
            begun.app,
            begun.branch,
            begun.build,
            self.new.root,
            tuple(self.new.nodes.values()),
            self.layout.finish(),
        )
        state.write("installed", installed)
        self.close()
        state.clear()
        return installed

    def close(self) -> None:
        """Close all files."""
        self.builder.close()
        self.journal.close()


class Standing(NamedTuple):
    """How things stand in a folder.

    Attributes:
        installed: What is installed, or was before the operation that is under way.
        under_way: The operation that is under way.
        certain: False when nobody knows what lies in the folder; a plan from the empty tree mends it.
    """

    installed: Installed | None
    under_way: Begun | None
    certain: bool


def standing(state: State) -> Standing:
    """Return how things stand; clears away what an operation left that is complete."""
    installed = state.installed()
    try:
        journal = Journal.open(state.journal, state.disk)
    except Damaged:
        return Standing(installed, None, certain=False)
    if journal is not None:
        journal.close()
        if installed is None or installed.operation < journal.begun.operation:
            return Standing(installed, journal.begun, certain=True)
    state.clear()
    return Standing(installed, None, certain=True)


def check_app(state: State, app: bytes, *found: Begun | Installed | None) -> None:
    """See that what is found in a folder is of an app, if anything is.

    Raises:
        Occupied: Another app is there.
    """
    if any(one is not None and one.app != app for one in found):
        raise Occupied(f"{state.game} belongs to another app")


def begin(state: State, offer: Offer, threads: Executor, *, anew: bool = False) -> Operation:
    """Begin an operation, or go on with the one that is under way when it has the same plan, unless it is to be begun `anew`.

    A plan from the empty tree takes what it can from the disk: what is there is looked at first, every byte.

    Raises:
        Occupied: Another app is installed here.
        Damaged: What is installed is not what the plan starts from; a plan from the empty tree is needed.
        NoSpace: The disk has no room.
        Tampered: The plan makes another tree than the manifest names.
        Malformed: It is no plan, or for another tree.
    """
    now = standing(state)
    check_app(state, offer.app, now.under_way, now.installed)
    if now.under_way is not None and now.under_way.plan == hash_of(offer.plan) and not anew:
        return resume(state)
    old, plan, new = _read(offer.plan, now)
    check_tree(offer.manifest, new)
    found = None
    if old.root == empty_tree().root:
        found = _look(state, new, threads, _before(state, now))
    else:
        Layout(state, plan, old, new, stamps={}).check()
    _check_space(state, plan, new, len(offer.plan), found)
    state.empty()
    return _write_down(state, offer, found, old, new, _next(now.under_way, now.installed))


def _read(data: bytes, now: Standing) -> tuple[Tree, Plan, Tree]:
    """Read a plan from what is installed, or from the empty tree."""
    empty = empty_tree()
    if now.installed is None:
        return (empty, *read_plan(data, empty))
    try:
        return (empty, *read_plan(data, empty))
    except Malformed:
        old = now.installed.tree()
        plan, new = read_plan(data, old)
    if now.under_way is not None or not now.certain:
        raise Damaged([])
    return old, plan, new


def _next(under_way: Begun | None, installed: Installed | None) -> int:
    return 1 + max(
        under_way.operation if under_way else 0, installed.operation if installed is not None else 0
    )


def _check_space(state: State, plan: Plan, new: Tree, plan_bytes: int, found: Found | None) -> None:
    cost = budget(plan, plan_bytes, state.game)
    if found is not None:
        cost = cost._replace(peak=cost.peak - plan.peak + _peak(state, new, found))
    cost.check()


def _peak(state: State, new: Tree, found: Found) -> int:
    """Return the most bytes of disk beyond what is used: a file that is intact is not written, another takes the place of what is there."""
    beyond = peak = 0
    for number in {*range(len(new.files))}.difference(found.intact):
        path, file = new.files[number]
        beyond += file.size
        peak = max(peak, beyond)
        if found.replace and (state.game / path).is_file():
            beyond -= (state.game / path).lstat().st_size
    return peak


def _write_down(
    state: State, offer: Offer, found: Found | None, old: Tree, new: Tree, operation: int
) -> Operation:
    state.write_bytes("plan", offer.plan)
    begun = Begun(
        operation=operation,
        plan=hash_of(offer.plan),
        old=old.root,
        new=new.root,
        found=state.write("found", found) if found is not None else b"",
        app=offer.app,
        branch=offer.branch,
        build=offer.build,
    )
    Journal.create(state.journal, state.disk, begun).close()
    return resume(state)


def resume(state: State) -> Operation:
    """Go on with the operation that is under way.

    Raises:
        Damaged: What it needs is not there any more; a plan from the empty tree mends the folder.
    """
    journal = Journal.open(state.journal, state.disk)
    if journal is None:
        raise Damaged([])
    try:
        return _resumed(state, journal)
    except BaseException:
        journal.close()
        raise


def _resumed(state: State, journal: Journal) -> Operation:
    begun = journal.begun
    data = state.read_bytes("plan")
    installed = state.installed()
    if data is None or hash_of(data) != begun.plan:
        raise Damaged([])
    found = _found(state, begun) if begun.found else None
    old = empty_tree()
    if begun.old != old.root:
        if installed is None or installed.root != begun.old:
            raise Damaged([])
        old = installed.tree()
    plan, new = read_plan(data, old)
    stamps = dict(enumerate(installed.stamps)) if installed is not None and not begun.found else {}
    replace = found is not None and found.replace
    layout = Layout(
        state,
        plan,
        old,
        new,
        stamps=stamps,
        ours=frozenset(new.numbers) if replace else frozenset(),
        leftovers=found.leftovers if found is not None else NOTHING_LEFT,
    )
    stock = found.stock(plan, new) if found is not None else Stock()
    builder = Builder(layout, plan, journal, found.paths if found is not None else ())
    builder.check_waiting()
    layout.place(0, journal.done)
    layout.leave(-1, journal.done)
    return Operation(plan, new, layout, journal, builder, stock, old)


def _found(state: State, begun: Begun) -> Found:
    with suppress(Malformed, Tampered):
        found = state.read("found", Found)
        if found is not None and hash_of(encode(found)) == begun.found:
            return found
    raise Damaged([])


Before = list[tuple[Tree, Installed | None]]


def _before(state: State, now: Standing) -> Before:
    """Return the trees whose files may lie in the folder: of what is installed, and of what an operation was about to make."""
    trees: Before = []
    if now.installed is not None:
        trees.append((now.installed.tree(), now.installed))
    data = state.read_bytes("plan") if now.under_way is not None else None
    if data is not None:
        for old in (empty_tree(), *(tree for tree, _ in trees)):
            try:
                trees.append((read_plan(data, old)[1], None))
                break
            except (Malformed, Tampered):
                continue
    return trees


def _look(
    state: State,
    new: Tree,
    threads: Executor,
    before: Before,
) -> Found:
    """Look for what is on the disk of a build."""
    report = verify(state.game, new, threads)
    bad = {*report.damaged, *report.missing}
    intact = tuple(number for number, (path, _) in enumerate(new.files) if path not in bad)
    wanted = {chunk.id for path in bad for chunk in new.chunks(new.files[new.numbers[path]].file)}
    known = {path for tree, _ in before for path, _ in tree.files}
    holdings = find_chunks(
        state.game, sorted({*report.damaged} | (known - {*new.numbers})), wanted, STANDARD, threads
    )
    return Found(
        intact=intact,
        paths=tuple(one.path for one in holdings),
        ids=tuple(b"".join(chunk for chunk, _ in one.chunks) for one in holdings),
        places=tuple(tuple(at for _, at in one.chunks) for one in holdings),
        replace=bool(before),
        leftovers=_left_over(state, new, before),
    )


def _left_over(state: State, new: Tree, before: Before) -> Leftovers:
    files: set[str] = set()
    folders: set[str] = set()
    for tree, installed in before:
        for number, (path, file) in enumerate(tree.files):
            if path not in new.numbers and _unchanged(state, path, file.size, installed, number):
                files.add(path)
        files.update(path for path, _ in tree.links)
        folders.update(tree.folders)
    links = {path for path, _ in new.links}
    return Leftovers(tuple(sorted(files - links)), tuple(sorted(folders.difference(new.folders))))


def _unchanged(state: State, path: str, size: int, installed: Installed | None, number: int) -> bool:
    if installed is None:
        return True
    try:
        found = (state.game / path).lstat()
    except OSError:
        return False
    return (found.st_mtime_ns, found.st_size) == (installed.stamps[number], size)
