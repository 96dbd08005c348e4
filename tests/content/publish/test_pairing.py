"""Which old file a new one is made from, and in which pieces."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from samovar.content.publish import pairing
from samovar.content.publish.pairing import DeltaSet, Likeness, Side, make_deltas, read_joined, reader
from tests.content.format.material import KIB, MIB, Build, noise, tree_of
from tests.content.publish.test_planning import Store, reading, update


def bases(old: Build, new: Build, path: str) -> list[str]:
    old_tree, new_tree = tree_of(old), tree_of(new)
    found = Likeness(old_tree, new_tree).bases(new_tree.numbers[path])
    return [old_tree.files[number].path for number in found]


def test_the_file_at_the_same_path_comes_first() -> None:
    shared = noise("shared", MIB)
    old = {"a": noise("a", MIB), "b": shared}
    assert bases(old, {"a": noise("new", MIB) + shared, "b": b""}, "a") == ["a", "b"]


def test_a_file_that_shares_chunks_is_found_under_another_name() -> None:
    data = noise("moved", MIB)
    assert bases({"x": noise("x", MIB), "old.pak": data}, {"dir/new": data + b"!"}, "dir/new") == ["old.pak"]


def test_a_file_whose_name_differs_by_its_version_is_found() -> None:
    old = {"lib/libgame.so.1.2": b"old" * 100, "lib/other.so.1.2": b"other"}
    assert bases(old, {"lib/libgame.so.1.3": b"new" * 100}, "lib/libgame.so.1.3") == ["lib/libgame.so.1.2"]


def test_a_file_that_resembles_nothing_is_made_from_nothing() -> None:
    assert bases({"a": b"a"}, {"b": b"b"}, "b") == []


def test_only_files_whose_content_is_new_are_paired() -> None:
    old, new = tree_of({"a": b"a", "b": b"b"}), tree_of({"a": b"a", "c": b"b", "d": b"d", "e": b""})
    assert [new.files[number].path for number in Likeness(old, new).changed] == ["d"]


def test_files_are_read_as_if_they_were_one(tmp_path: Path) -> None:
    build = {"a": b"0123", "b": b"", "c": b"456789"}
    for path, data in build.items():
        (tmp_path / path).write_bytes(data)
    tree = tree_of(build)
    for side in (Side(tree, reading(build, tree)), Side(tree, reader(tmp_path, tree))):
        assert read_joined(side, [0, 1, 2], 0, 10) == b"0123456789"
        assert read_joined(side, [2, 0], 4, 4) == b"8901"
        assert read_joined(side, [0, 2], 9, 5) == b"9"


def test_a_large_file_is_made_of_pieces_from_where_its_content_has_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "PIECE_BYTES_MAX", MIB)
    monkeypatch.setattr(pairing, "PIECE_BYTES", MIB)
    monkeypatch.setattr(pairing, "PIECE_MARGIN_BYTES", 300 * KIB)
    data = noise("large", 5 * MIB)
    touched = b"".join(data[at : at + 200 * KIB] + b"!" for at in range(0, len(data), 200 * KIB))
    old, new = {"a": data}, {"a": noise("inserted", 2 * MIB) + touched}
    with ThreadPoolExecutor(1) as threads:
        store = Store(tmp_path, threads)
        deltas = store.pair(old, new)
        plan, got, _ = update(store, old, new)
    assert got == new
    assert len(deltas.deltas[0].pieces) == 8
    assert max(piece.length for piece in deltas.deltas[0].pieces) <= MIB + 600 * KIB
    assert plan.fetches < 2.2 * MIB


def test_what_has_no_delta_lies_in_the_fill(tmp_path: Path) -> None:
    old, new = {"a": noise("a", MIB)}, {"a": noise("a", MIB) + b"!", "b": noise("b", MIB)}
    trees = tree_of(old), tree_of(new)
    with ThreadPoolExecutor(1) as threads:
        made: DeltaSet = make_deltas(
            Side(trees[0], reading(old, trees[0])), Side(trees[1], reading(new, trees[1])), tmp_path, threads
        )
    assert [delta.new for delta in made.deltas] == [trees[1].files[0].file.hash]
    assert sum(len(frame.sizes) for pack in made.fill for frame in pack.index.frames) == len(
        trees[1].chunks(trees[1].files[1].file)
    )
