"""Trees of a build."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import ContentError, Malformed, PathRefused, Tampered, TooLarge
from samovar.content.format.nodes import ChunkList, Entry, File, Folder, FolderNode, Symlink
from samovar.content.format.tree import FoundFile, Tree, build_tree, by_id
from tests.content.format.material import KIB, Build, builds, found, noise, tree_of

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors/trees.json").read_text())
EMPTY = hash_of(b"")


def node(*entries: Entry) -> Tree:
    data = encode(FolderNode(entries))
    return Tree(hash_of(data), {hash_of(data): data})


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_published_vectors_hold(vector: dict[str, Any]) -> None:
    files = [
        found(one["path"], noise(one["seed"], one["size"]), executable=one["executable"])
        for one in vector["files"]
    ]
    tree = build_tree(files, vector["folders"])
    assert tree.root.hex() == vector["root"]
    assert [data.hex() for data in tree.nodes.values()] == vector["nodes"]
    assert Tree(bytes.fromhex(vector["root"]), by_id(map(bytes.fromhex, vector["nodes"]))).files == tree.files


@given(builds)
@settings(max_examples=40)
def test_a_tree_reads_back_as_it_was_built(build: Build) -> None:
    tree = tree_of(build)
    again = Tree(tree.root, tree.nodes)
    assert {path: file.hash for path, file in again.files} == {
        path: hash_of(data) for path, data in build.items()
    }
    assert [again.chunks(file) for _, file in again.files] == [tree.chunks(file) for _, file in tree.files]
    assert again.size == sum(map(len, build.values()))
    assert tree_of(dict(reversed(build.items()))).root == tree.root


@given(st.data())
@settings(max_examples=150)
def test_a_change_of_any_byte_of_a_node_is_refused(data: st.DataObject) -> None:
    tree = tree_of({"a/b": noise("b", 70 * KIB), "a/c": b"c", "ы": b""}, {"l": "a/c"})
    changed_id = data.draw(st.sampled_from(sorted(tree.nodes)))
    bytes_ = bytearray(tree.nodes[changed_id])
    bytes_[data.draw(st.integers(0, len(bytes_) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Tampered):
        Tree(tree.root, tree.nodes | {changed_id: bytes(bytes_)})


@given(st.binary(max_size=200))
def test_bytes_that_are_no_node_are_refused_by_name(data: bytes) -> None:
    try:
        Tree(hash_of(data), {hash_of(data): data})
    except ContentError:
        return
    assert msgspec.msgpack.encode(msgspec.msgpack.decode(data)) == data


def test_files_are_numbered_folder_by_folder() -> None:
    tree = tree_of({"b": b"1", "a/z": b"2", "a/b/c": b"3", "a.txt": b"4", "ы": b"5"})
    assert [path for path, _ in tree.files] == ["a/b/c", "a/z", "a.txt", "b", "ы"]
    assert tree.numbers["b"] == 3


def test_empty_folders_links_modes_and_empty_files_are_kept() -> None:
    tree = build_tree([found("bin/run", b"#!", executable=True), found("empty", b"")], ["saves/slots"])
    again = Tree(tree.root, tree.nodes)
    assert again.folders == ["bin", "saves", "saves/slots"]
    assert [(path, file.executable, file.size) for path, file in again.files] == [
        ("bin/run", True, 2),
        ("empty", False, 0),
    ]


def test_a_file_over_4_gib_fits() -> None:
    piece = Chunk(hash_of(b"x"), 256 * KIB)
    tree = build_tree([FoundFile("big.pak", False, hash_of(b"big"), [piece] * 20_000)])
    assert Tree(tree.root, tree.nodes).size == 20_000 * 256 * KIB > 2**32


@pytest.mark.parametrize("path", ["../a", "/a", "a/../../b", "a\\b", "nul", ".samovar/x"])
def test_a_path_that_leads_elsewhere_cannot_be_built(path: str) -> None:
    with pytest.raises(PathRefused):
        build_tree([found(path, b"")])


@pytest.mark.parametrize("name", ["..", ".", "a/b", "/a", "a\\b", "nul", ".samovar"])
def test_a_name_that_leads_elsewhere_cannot_be_read(name: str) -> None:
    with pytest.raises(PathRefused):
        node(File(name, 0, False, EMPTY, b""))


def test_a_link_that_leads_outside_cannot_be_read() -> None:
    with pytest.raises(PathRefused, match="outside"):
        node(Symlink("a", "../x"))


def test_names_that_clash_cannot_be_built_or_read() -> None:
    with pytest.raises(PathRefused, match="clashes"):
        tree_of({"d/a": b"", "D/b": b""})
    with pytest.raises(PathRefused, match="clashes"):
        node(File("A", 0, False, EMPTY, b""), File("a", 0, False, EMPTY, b""))


def test_a_file_cannot_also_be_a_folder() -> None:
    with pytest.raises(Malformed):
        tree_of({"a": b"", "a/b": b""})
    with pytest.raises(Malformed):
        tree_of({"a/b": b"", "a": b""})


@pytest.mark.parametrize(
    "entries",
    [
        (File("b", 0, False, EMPTY, b""), File("a", 0, False, EMPTY, b"")),
        (File("a", 0, False, EMPTY, b""), File("a", 0, False, EMPTY, b"")),
        (File("a", 1, False, EMPTY, b"short"),),
        (File("a", 0, False, hash_of(b"x"), b""),),
        (File("a", 2**40, False, hash_of(b"x"), b""),),
        (Folder("a", hash_of(b"missing")),),
    ],
)
def test_a_node_that_breaks_a_rule_is_refused(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(Malformed):
        node(*entries)


def test_a_node_written_in_a_second_way_is_refused() -> None:
    data = bytearray(encode(FolderNode((File("a", 5, False, hash_of(b"x"), b""),))))
    longer = bytes(data).replace(b"\xa1a\x05", b"\xa1a\xcc\x05")
    with pytest.raises(Malformed, match="canonical"):
        Tree(hash_of(longer), {hash_of(longer): longer})


def test_lists_of_chunks_whose_sizes_do_not_add_up_are_refused() -> None:
    data = encode(ChunkList.of([Chunk(EMPTY, 5), Chunk(EMPTY, 6)]))
    file = File("a", 12, False, EMPTY, hash_of(data))
    folder = encode(FolderNode((file,)))
    tree = Tree(hash_of(folder), by_id([folder, data]))
    with pytest.raises(Malformed, match="11 bytes"):
        tree.chunks(file)


def test_folders_that_contain_each_other_over_and_over_are_refused_before_memory_ends() -> None:
    nodes: dict[bytes, bytes] = {}
    inner = encode(FolderNode(()))
    for _ in range(60):
        nodes[hash_of(inner)] = inner
        inner = encode(FolderNode(tuple(Folder(name, hash_of(inner)) for name in "abcdefgh")))
    with pytest.raises(TooLarge):
        Tree(hash_of(inner), nodes | {hash_of(inner): inner})


def test_a_tree_without_lists_of_chunks_gets_them_later() -> None:
    tree = tree_of({"a": noise("a", 300 * KIB)})
    bare = Tree(tree.root, {tree.root: tree.nodes[tree.root]})
    file = bare.files[0].file
    assert not bare.has_chunks(file)
    with pytest.raises(Malformed):
        bare.chunks(file)
    assert bare.with_nodes(tree.nodes.values()).chunks(file) == tree.chunks(file)
