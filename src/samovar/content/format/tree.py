"""A build's files as a tree of nodes, each folder named by the hash of what is in it: equal folders have equal ids.

A tree is read only whole and checked: hashes, order, names, sizes, clashes and links. Files are numbered from 0 in the order of
`files`: folder by folder, entries sorted, what is in a folder standing where the folder stands. Plans name files by these numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from blake3 import blake3

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import Malformed, PathRefused, Tampered, TooLarge
from samovar.content.format.nodes import (
    CHUNK_LIST_BYTES_MAX,
    Entry,
    File,
    Folder,
    FolderNode,
    Symlink,
    read_chunk_list,
    read_folder,
    write_chunk_list,
)
from samovar.content.format.paths import check_path, check_place, check_target

ENTRIES_MAX = 1_000_000
STEP_BYTES = 2047
STEPS_BYTES_MAX = 64 * 1024


class FileAt(NamedTuple):
    """A file and where it lies.

    Attributes:
        path: From the root of the build.
        file: Its entry.
    """

    path: str
    file: File


class LinkAt(NamedTuple):
    """A symbolic link and where it lies."""

    path: str
    target: str


class Tree:
    """A build's files.

    Args:
        root: Id of the node of the outermost folder.
        nodes: Bytes of the nodes by id: of every folder, and of lists of chunks as far as they are there. What does not belong to the
            tree is passed over.

    Raises:
        Malformed: A node is missing or does not follow the format.
        Tampered: A node is not what its id says.
        PathRefused: A path in it is refused.
        TooLarge: It has more entries than a tree may have.
    """

    def __init__(self, root: bytes, nodes: Mapping[bytes, bytes]) -> None:
        self.root = root
        self.files: list[FileAt] = []
        self.folders: list[str] = []
        self.links: list[LinkAt] = []
        self._nodes: dict[bytes, bytes] = {}
        self._lists: dict[bytes, bytes] = {}
        # Equal folders are read once; somebody may send few nodes that contain each other very often.
        self._entries: dict[bytes, tuple[Entry, ...]] = {}
        self._left = ENTRIES_MAX
        self._open("", root, nodes)

    def _open(self, path: str, node_id: bytes, nodes: Mapping[bytes, bytes]) -> None:
        entries = self._folder(path, node_id, nodes)
        self._left -= len(entries)
        if self._left < 0:
            raise TooLarge(f"a tree has at most {ENTRIES_MAX} entries")
        for entry in entries:
            at = check_place(f"{path}/{entry.name}" if path else entry.name)
            if isinstance(entry, Folder):
                self.folders.append(at)
                self._open(at, entry.node, nodes)
            elif isinstance(entry, Symlink):
                self.links.append(LinkAt(at, check_target(at, entry.target)))
            else:
                self.files.append(FileAt(at, entry))
                if entry.chunks and entry.chunks not in self._lists:
                    found = _node(nodes, entry.chunks)
                    if found is not None:
                        self._lists[entry.chunks] = found

    def _folder(self, path: str, node_id: bytes, nodes: Mapping[bytes, bytes]) -> tuple[Entry, ...]:
        if node_id not in self._nodes:
            data = _node(nodes, node_id)
            if data is None:
                raise Malformed(f"the node of the folder {path!r} is missing")
            self._nodes[node_id] = data
            self._entries[node_id] = read_folder(data, path)
        return self._entries[node_id]

    @property
    def nodes(self) -> dict[bytes, bytes]:
        """All nodes that are there by id: folders as they are met, then lists of chunks."""
        return self._nodes | self._lists

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for _, file in self.files)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each file by its path."""
        return {path: number for number, (path, _) in enumerate(self.files)}

    def has_chunks(self, file: File) -> bool:
        """Whether the chunks of a file are known here."""
        return not file.chunks or file.chunks in self._lists

    def chunks(self, file: File) -> list[Chunk]:
        """Return the chunks of a file of this tree, in order.

        Raises:
            Malformed: The list is missing or does not follow the format.
        """
        if not file.chunks:
            return [Chunk(file.hash, file.size)] if file.size else []
        data = self._lists.get(file.chunks)
        if data is None:
            raise Malformed(f"the list of chunks of {file.name!r} is missing")
        return read_chunk_list(data, file.size)

    def with_nodes(self, nodes: Iterable[bytes]) -> "Tree":
        """Return the same tree with further lists of chunks, given as bytes."""
        return Tree(self.root, self.nodes | by_id(nodes))


def _node(nodes: Mapping[bytes, bytes], node_id: bytes) -> bytes | None:
    data = nodes.get(node_id)
    if data is None:
        return None
    if len(data) > CHUNK_LIST_BYTES_MAX:
        raise TooLarge(f"a node of {len(data)} bytes")
    if _id_of(data) != node_id:
        raise Tampered(f"a node is not what its id {node_id.hex()} says")
    return data


def by_id(nodes: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return nodes by their ids."""
    return {_id_of(data): data for data in nodes}


def _id_of(data: bytes) -> bytes:
    """Return the id of a node.

    For more than 2 KiB at once `blake3` lets other threads run and takes the interpreter back before one of them has woken up. A thread that
    does so every few microseconds starves the event loop until it is done with the whole tree; in small steps it is interrupted fairly.
    """
    if len(data) > STEPS_BYTES_MAX:
        return hash_of(data)
    hasher = blake3()
    for at in range(0, len(data), STEP_BYTES):
        hasher.update(data[at : at + STEP_BYTES])
    return hasher.digest()


class FoundFile(NamedTuple):
    """A file to put into a tree.

    Attributes:
        path: From the root of the build.
        executable: Whether it may be run.
        hash: BLAKE3 of the whole file.
        chunks: Its chunks in order; none for an empty file.
    """

    path: str
    executable: bool
    hash: bytes
    chunks: list[Chunk]


class FoundLink(NamedTuple):
    """A symbolic link to put into a tree."""

    path: str
    target: str


_Branch = dict[str, "FoundFile | FoundLink | _Branch"]


def build_tree(found: Iterable[FoundFile | FoundLink], folders: Iterable[str] = ()) -> Tree:
    """Put a tree together; `folders` are those that must exist even when empty.

    Raises:
        PathRefused: A path is refused, two clash, or one stands there twice.
        Malformed: Something is both a file and a folder.
    """
    top: _Branch = {}
    for folder in folders:
        _branch(top, check_path(folder).split("/"))
    for item in found:
        *above, name = check_path(item.path).split("/")
        branch = _branch(top, above)
        if isinstance(branch.get(name), dict):
            raise Malformed(f"{item.path!r} is both a file and a folder")
        if name in branch:
            raise PathRefused(item.path, "is there twice")
        branch[name] = item
    nodes: dict[bytes, bytes] = {}
    return Tree(_write(top, nodes), nodes)


def _branch(top: _Branch, parts: list[str]) -> _Branch:
    branch = top
    for part in parts:
        below = branch.setdefault(part, {})
        if not isinstance(below, dict):
            raise Malformed(f"{'/'.join(parts)!r} leads through {below.path!r}, which is no folder")
        branch = below
    return branch


def _write(branch: _Branch, nodes: dict[bytes, bytes]) -> bytes:
    data = encode(FolderNode(tuple(_entries(branch, nodes))))
    node_id = hash_of(data)
    nodes[node_id] = data
    return node_id


def _entries(branch: _Branch, nodes: dict[bytes, bytes]) -> Iterator[Entry]:
    for name, item in sorted(branch.items()):
        if isinstance(item, FoundLink):
            yield Symlink(name, item.target)
        elif isinstance(item, FoundFile):
            list_id, data = write_chunk_list(item.chunks)
            if list_id:
                nodes[list_id] = data
            yield File(name, sum(chunk.size for chunk in item.chunks), item.executable, item.hash, list_id)
        else:
            yield Folder(name, _write(item, nodes))
