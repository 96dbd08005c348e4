"""Material for tests of the format: bytes that repeat themselves, folders on disk, trees that Hypothesis thinks up."""

import io
from collections.abc import Mapping

from blake3 import blake3
from hypothesis import strategies as st

from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import chunk_of, cut
from samovar.content.format.errors import ContentError
from samovar.content.format.paths import check_path, folded
from samovar.content.format.tree import FoundFile, FoundLink, Tree, build_tree

KIB = 1024
MIB = 1024 * 1024

Build = dict[str, bytes]


def noise(seed: str, size: int) -> bytes:
    """Return bytes that cannot be compressed, the same for the same seed."""
    return blake3(seed.encode()).digest(length=size)


def found(path: str, data: bytes, *, executable: bool = False) -> FoundFile:
    """Cut a file in memory."""
    return FoundFile(path, executable, hash_of(data), [chunk_of(piece) for piece in cut(io.BytesIO(data))])


def tree_of(build: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> Tree:
    """Return the tree of files in memory."""
    files: list[FoundFile | FoundLink] = [found(path, data) for path, data in build.items()]
    return build_tree([*files, *(FoundLink(path, target) for path, target in (links or {}).items())])


def _allowed(name: str) -> bool:
    try:
        check_path(name)
    except ContentError:
        return False
    return True


names = st.one_of(
    st.sampled_from(["a", "b", "c.pak", "Игра", "данные.bin", "data", "ё" * 127, "long" * 63]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Co")), min_size=1, max_size=8),
).filter(_allowed)
paths = st.lists(names, min_size=1, max_size=3).map("/".join)


def _harmonious(build: Build) -> bool:
    """Whether no path leads through a file and no two clash."""
    spellings: dict[str, str] = {}
    for path in build:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            if spellings.setdefault(folded(above), above) != above or (depth < len(parts) and above in build):
                return False
    return True


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Return the bytes of a file put together from a few pieces, so that files share chunks and resemble each other."""
    pieces = draw(
        st.lists(
            st.tuples(st.integers(0, 5), st.sampled_from([1, 300, 17 * KIB, 90 * KIB, 300 * KIB])),
            max_size=4,
        )
    )
    data = b"".join(noise(f"piece {seed}", size) for seed, size in pieces)
    return data[draw(st.integers(0, 40)) :]


builds = st.dictionaries(paths, contents(), max_size=8).filter(_harmonious)
