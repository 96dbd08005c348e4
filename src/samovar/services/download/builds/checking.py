"""Looks at what was uploaded: whether a pack is one, whether a tree is whole and the one that was signed. Pure, and heavy on the processor."""

import io
from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec
from backports import zstd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from samovar.content.format.canonical import decode, encode
from samovar.content.format.errors import ContentError, Malformed, TooLarge
from samovar.content.format.manifest import Manifest, check_tree, key_id, open_manifest
from samovar.content.format.packs import Pack, read_pack, split_frame
from samovar.content.format.tree import Tree, by_id

TREE_BYTES_MAX = 512 * 1024 * 1024
_LEVEL = 9


class Nodes(msgspec.Struct, frozen=True, array_like=True):
    """The nodes of a tree, as a client sends them in one zstd frame."""

    nodes: tuple[bytes, ...]


class Checked(NamedTuple):
    """A build that is what its manifest says.

    Attributes:
        chunk_ids: Of all its files, each once.
    """

    manifest: Manifest
    chunk_ids: list[bytes]


class Refused(Exception):
    """Why an upload is not taken; goes from one process to another as it is."""


def pack_nodes(tree: Tree) -> bytes:
    """Return the nodes of a tree as they are sent and kept."""
    return zstd.compress(encode(Nodes(tuple(tree.nodes.values()))), _LEVEL)


def unpack_nodes(data: bytes) -> dict[bytes, bytes]:
    """Return nodes by their ids.

    Raises:
        Malformed: They are none.
    """
    try:
        decompressor = zstd.ZstdDecompressor()
        unpacked = decompressor.decompress(data, max_length=TREE_BYTES_MAX)
        if not decompressor.eof or decompressor.unused_data:
            raise TooLarge(f"the nodes of a tree have at most {TREE_BYTES_MAX} bytes, in one frame")
    except zstd.ZstdError as error:
        raise Malformed(f"the nodes cannot be unpacked: {error}") from None
    return by_id(decode(unpacked, Nodes, bytes_max=TREE_BYTES_MAX).nodes)


def read_tree(data: bytes, root: bytes) -> Tree:
    """Return a tree that was kept by `pack_nodes`."""
    return Tree(root, unpack_nodes(data))


def check_pack(data: bytes, pack_id: bytes) -> Pack:
    """Return a pack of which every chunk is what its id says.

    Raises:
        Refused: It is no pack, or another one.
    """
    try:
        file = io.BytesIO(data)
        pack = read_pack(file)
        if pack.id != pack_id:
            raise Refused("the bytes are not those that the hash names")
        file.seek(0)
        for frame in pack.index.frames:
            for _ in split_frame(frame, file.read(frame.length)):
                pass
    except ContentError as error:
        raise Refused(str(error)) from None
    return pack


def check_build(envelope: bytes, nodes: bytes, app: bytes, public_keys: Collection[bytes]) -> Checked:
    """Return a build whose manifest one of the keys has signed and whose tree is the manifest's.

    Raises:
        Refused: It is not.
    """
    try:
        manifest = open_manifest(envelope, _keys(public_keys), app=app)
        tree = Tree(manifest.tree, unpack_nodes(nodes))
        check_tree(manifest, tree)
        chunk_ids = {chunk.id: None for _, file in tree.files for chunk in tree.chunks(file)}
    except ContentError as error:
        raise Refused(str(error)) from None
    return Checked(manifest, list(chunk_ids))


def _keys(public_keys: Collection[bytes]) -> Mapping[bytes, Ed25519PublicKey]:
    found = [Ed25519PublicKey.from_public_bytes(raw) for raw in public_keys]
    return {key_id(key): key for key in found}
