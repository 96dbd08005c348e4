"""Any two builds: the plan, taken by a client, gives exactly the new one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.deltas import HDIFFPATCH, ZSTD_PREFIX, compress_after
from samovar.content.format.errors import ContentError, Malformed, Tampered, Unplannable
from samovar.content.format.packs import Pack, PackWriter
from samovar.content.format.plan import Build as BuildStep
from samovar.content.format.plan import Copy, Patch, Plan, read_plan, write_plan
from samovar.content.format.tree import Tree
from samovar.content.publish.pairing import DeltaSet, Read, Side, make_deltas
from samovar.content.publish.planning import Stored, make_plan
from tests.content.format.client import Client
from tests.content.format.material import KIB, MIB, Build, builds, found, noise, tree_of


@pytest.fixture(scope="module", name="threads")
def _threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def reading(build: Build, tree: Tree) -> Read:
    return lambda number, offset, length: build[tree.files[number].path][offset : offset + length]


class Store:
    """A folder as the store: packs of builds, each with the chunks that are new in it."""

    def __init__(self, folder: Path, threads: ThreadPoolExecutor) -> None:
        self.packs: list[Pack] = []
        self.sets: list[DeltaSet] = []
        self.reads: list[tuple[str, int, int]] = []
        self._folder = folder
        self._threads = threads
        self._known: set[bytes] = set()

    def push(self, build: Build) -> Tree:
        with PackWriter(self._folder, self._threads) as writer:
            for path, data in sorted(build.items(), key=lambda item: item[0].split("/")):
                at = 0
                for chunk in found(path, data).chunks:
                    if chunk.id not in self._known:
                        self._known.add(chunk.id)
                        writer.add(chunk, data[at : at + chunk.size])
                    at += chunk.size
        self.packs += writer.packs
        return tree_of(build)

    def pair(self, old: Build, new: Build, kind: int = HDIFFPATCH) -> DeltaSet:
        trees = tree_of(old), tree_of(new)
        sides = [Side(tree, reading(build, tree)) for tree, build in zip(trees, (old, new), strict=True)]
        self.sets.append(make_deltas(sides[0], sides[1], self._folder, self._threads, kind=kind, level=3))
        return self.sets[-1]

    def plan(self, old: Tree, new: Tree) -> Plan:
        return make_plan(old, new, Stored(self.packs, self.sets))

    def read(self, key: str, offset: int, length: int) -> bytes:
        self.reads.append((key, offset, length))
        path = self._folder / key.partition("/")[2]
        return path.read_bytes()[offset : offset + length] if path.exists() else b""


class Update(NamedTuple):
    plan: Plan
    got: Build
    peak: int


def update(store: Store, old: Build, new: Build) -> Update:
    old_tree, new_tree = store.push(old), store.push(new)
    plan = store.plan(old_tree, new_tree)
    client = Client(old, old_tree, store.read)
    return Update(plan, client.take(write_plan(plan, old_tree)), client.peak)


@pytest.fixture(name="store")
def _store(tmp_path: Path, threads: ThreadPoolExecutor) -> Store:
    return Store(tmp_path, threads)


@given(old=builds, new=builds, kind=st.sampled_from([None, HDIFFPATCH, ZSTD_PREFIX]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_builds_give_a_plan_that_makes_the_new_one(
    tmp_path_factory: pytest.TempPathFactory,
    threads: ThreadPoolExecutor,
    old: Build,
    new: Build,
    kind: int | None,
) -> None:
    store = Store(tmp_path_factory.mktemp("store"), threads)
    if kind:
        store.pair(old, new, kind)
    plan, got, peak = update(store, old, new)
    assert got == new
    assert plan.peak == peak
    assert plan.requests <= plan.fetches // (4 * MIB) + 16


@given(old=builds, new=builds, data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_change_of_any_byte_that_is_fetched_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
    threads: ThreadPoolExecutor,
    old: Build,
    new: Build,
    data: st.DataObject,
) -> None:
    store = Store(tmp_path_factory.mktemp("store"), threads)
    store.pair(old, new)
    old_tree, new_tree = store.push(old), store.push(new)
    plan = store.plan(old_tree, new_tree)
    if not plan.frames:
        return
    frame = data.draw(st.sampled_from(plan.frames))
    place, flip = data.draw(st.integers(0, frame.length - 1)), data.draw(st.integers(1, 255))

    def read(key: str, offset: int, length: int) -> bytes:
        found_ = bytearray(store.read(key, offset, length))
        if (key, offset) == (plan.objects[frame.object], frame.offset):
            found_[place] ^= flip
        return bytes(found_)

    with pytest.raises(Tampered):
        Client(old, old_tree, read).take(write_plan(plan, old_tree))


def test_a_first_install_starts_from_the_empty_tree(store: Store) -> None:
    new = {"a": noise("a", 3 * MIB), "b": b"", "dir/ы": b"small"}
    plan, got, peak = update(store, {}, new)
    assert got == new
    assert peak == 3 * MIB + 5
    assert plan.requests == 1


def test_an_unchanged_build_fetches_nothing(store: Store) -> None:
    build = {"a": noise("a", 3 * MIB), "b": b"b"}
    plan, got, _ = update(store, build, build)
    assert got == build
    assert (plan.steps, plan.frames, plan.nodes, plan.writes, plan.peak) == ((), (), (), 0, 0)
    assert len(write_plan(plan, tree_of(build))) < 150


def test_a_renamed_file_is_copied(store: Store) -> None:
    data = noise("a", MIB)
    plan, got, _ = update(store, {"a": data, "z": b"z"}, {"b": data, "z": b"z"})
    assert got == {"b": data, "z": b"z"}
    assert plan.steps == (Copy(0, 0),)
    assert plan.fetches == 0


def test_files_that_change_places_are_both_made(store: Store) -> None:
    one, other = noise("1", MIB), noise("2", MIB)
    plan, got, _ = update(store, {"a": one, "b": other}, {"a": other, "b": one})
    assert got == {"a": other, "b": one}
    assert plan.fetches == 0
    assert plan.peak == 2 * MIB


def test_who_reads_an_old_file_comes_before_who_takes_its_place(store: Store) -> None:
    data = noise("a", MIB)
    plan, got, _ = update(store, {"a": data}, {"a": b"new", "b": data})
    assert got == {"a": b"new", "b": data}
    assert [step.file for step in plan.steps] == [1, 0]


def test_a_file_with_few_changes_fetches_few_chunks(store: Store) -> None:
    data = noise("a", 8 * MIB)
    changed = data[: 4 * MIB] + b"inserted" + data[4 * MIB :]
    plan, got, _ = update(store, {"a": data}, {"a": changed})
    assert got == {"a": changed}
    assert plan.fetches < 600 * KIB
    assert isinstance(plan.steps[0], BuildStep)


def test_a_delta_is_taken_where_one_is_stored(store: Store) -> None:
    data = noise("a", 8 * MIB)
    changed = b"".join(data[at : at + 1000] + b"!" for at in range(0, len(data), 1000))
    store.pair({"a": data}, {"a": changed})
    plan, got, _ = update(store, {"a": data}, {"a": changed})
    assert got == {"a": changed}
    assert isinstance(plan.steps[0], Patch)
    assert plan.fetches < 100 * KIB


def test_a_delta_is_not_kept_where_chunks_cost_less(store: Store) -> None:
    deltas = store.pair({"a": noise("a", MIB)}, {"a": noise("b", MIB)})
    assert deltas.deltas == ()
    assert sum(pack.size for pack in deltas.fill) >= MIB


def test_a_delta_longer_than_a_frame_is_read_over_frames(store: Store) -> None:
    base = noise("base", MIB)
    old, new = base, base[:1000] + noise("much", 9 * MIB) + base[1000:]
    deltas = store.pair({"a": old}, {"a": new}, ZSTD_PREFIX)
    plan, got, _ = update(store, {"a": old}, {"a": new})
    assert got == {"a": new}
    assert len(deltas.deltas) <= 1
    assert len(plan.frames) >= 3


def test_a_chunk_that_several_new_files_share_is_fetched_once(store: Store) -> None:
    data = noise("shared", MIB)
    plan, got, _ = update(store, {}, {"a": data, "b": data, "c": data + b"c"})
    assert got == {"a": data, "b": data, "c": data + b"c"}
    assert plan.fetches < 1.5 * MIB


def test_many_scattered_frames_are_joined_into_few_requests(store: Store) -> None:
    build = {f"{number:03}": noise(str(number), 500 * KIB) for number in range(120)}
    old = {path: data for path, data in build.items() if int(path) % 3}
    store.push(build)
    plan, got, _ = update(store, old, build)
    assert got == build
    assert plan.requests <= plan.fetches // (4 * MIB) + 16


def test_a_chunk_that_is_not_stored_cannot_be_planned(store: Store) -> None:
    with pytest.raises(Unplannable):
        store.plan(tree_of({}), tree_of({"a": b"a"}))


def test_a_plan_for_another_tree_is_refused(store: Store) -> None:
    old, new = {"a": noise("a", MIB)}, {"a": noise("b", MIB)}
    plan = write_plan(store.plan(store.push(old), store.push(new)), tree_of(old))
    with pytest.raises(ContentError):
        read_plan(plan, tree_of(new))


@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_plan_with_any_number_changed_does_no_harm(store: Store, data: st.DataObject) -> None:
    """Plans are signed; even one signed by mistake makes the new build or is refused by name."""
    old = {"a": noise("a", 200 * KIB), "b": noise("b", 200 * KIB), "c": b"c"}
    new = {"a": old["b"], "b": old["a"] + b"!" * 999, "d": noise("d", 90 * KIB)}
    if not store.sets:
        store.pair(old, new)
        store.push(old)
        store.push(new)
    tree = tree_of(old)
    changed = bytearray(encode(store.plan(tree, tree_of(new))))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    sent = compress_after(b"".join(tree.nodes.values()), bytes(changed))
    try:
        got = Client(old, tree, store.read).take(sent)
    except ContentError:
        return
    assert {path: hash_of(content) for path, content in got.items()} == {
        path: hash_of(content) for path, content in new.items()
    }


@pytest.mark.parametrize(
    "change",
    [
        {"steps": ()},
        {"steps": (Copy(0, 0), Copy(0, 0))},
        {"steps": (Copy(0, 9),)},
        {"steps": (Copy(9, 0),)},
        {"steps": (BuildStep(0, (9,), ()),)},
        {"steps": (BuildStep(0, (), (0,)),)},
        {"version": 2},
        {"objects": ()},
        {"new": bytes(32)},
    ],
)
def test_a_plan_that_leads_nowhere_is_refused(store: Store, change: dict[str, object]) -> None:
    old, new = {"a": b"old"}, {"a": b"new"}
    plan = store.plan(store.push(old), store.push(new))
    wrong = msgspec.structs.replace(plan, **change)
    with pytest.raises(ContentError):
        read_plan(write_plan(wrong, tree_of(old)), tree_of(old))


@pytest.mark.parametrize("chunks", [(), (0, 0), (-1,), (10**9,)])
def test_a_plan_with_wrong_places_is_refused(store: Store, chunks: tuple[int, ...]) -> None:
    old, new = {"a": b"old"}, {"a": b"new"}
    plan = store.plan(store.push(old), store.push(new))
    sent = write_plan(msgspec.structs.replace(plan, chunks=chunks), tree_of(old))
    with pytest.raises(Malformed):
        Client(old, tree_of(old), store.read).take(sent)
