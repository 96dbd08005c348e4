"""Where files are cut."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.content.format.chunking import SLICE_BYTES, STANDARD, Chunking, chunk_of, cut
from tests.content.format.material import KIB, MIB, noise

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors/chunking.json").read_text())
GEAR: list[int] = VECTORS["gear"]


def cut_by_the_document(data: bytes) -> list[int]:
    """Return the sizes of chunks by the algorithm of docs/content-format.md, word by word."""
    sizes = []
    while data:
        at = min(16 * KIB, len(data))
        pattern = 0
        while at < min(256 * KIB, len(data)):
            pattern = (pattern >> 1) + GEAR[data[at]]
            at += 1
            if pattern & ((1 << 17) - 1 if at <= 40 * KIB else (1 << 15) - 1) == 0:
                break
        sizes.append(at)
        data = data[at:]
    return sizes


def sizes(data: bytes) -> list[int]:
    return [len(piece) for piece in cut(io.BytesIO(data))]


@pytest.mark.parametrize("vector", VECTORS["cuts"], ids=lambda vector: vector["seed"])
def test_the_published_vectors_hold(vector: dict[str, Any]) -> None:
    data = (noise(vector["seed"], vector["size"]) * vector["repeat"])[: vector["size"] * vector["repeat"]]
    chunks = [chunk_of(piece) for piece in cut(io.BytesIO(data))]
    assert [chunk.size for chunk in chunks] == vector["sizes"]
    assert [chunk.id.hex() for chunk in chunks] == vector["ids"]


@pytest.mark.parametrize("size", [0, 1, 16 * KIB, 16 * KIB + 1, 40 * KIB, 256 * KIB, MIB])
def test_the_cuts_are_those_of_the_document(size: int) -> None:
    data = noise("document", size)
    assert sizes(data) == cut_by_the_document(data)


def test_the_cuts_of_a_file_without_a_pattern_are_those_of_the_document() -> None:
    assert sizes(b"\0" * MIB) == cut_by_the_document(b"\0" * MIB)


def test_a_file_read_in_slices_is_cut_as_if_it_were_read_at_once() -> None:
    data = noise("slices", 2 * SLICE_BYTES + 300 * KIB)

    class Stuttering(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 100_003))

    assert [len(piece) for piece in cut(Stuttering(data))] == sizes(data)


@given(st.integers(0, 3), st.integers(0, 600 * KIB))
def test_chunks_make_the_file_again_and_keep_their_bounds(seed: int, size: int) -> None:
    data = noise(f"bounds {seed}", size)
    pieces = list(cut(io.BytesIO(data)))
    assert b"".join(pieces) == data
    assert all(STANDARD.least <= len(piece) <= STANDARD.most for piece in pieces[:-1])


def test_bytes_inserted_in_the_middle_change_few_chunks() -> None:
    data = noise("insertion", 4 * MIB)
    changed = data[: 2 * MIB] + b"inserted" + data[2 * MIB :]
    before = {chunk_of(piece) for piece in cut(io.BytesIO(data))}
    after = {chunk_of(piece) for piece in cut(io.BytesIO(changed))}
    assert len(after - before) <= 3


def test_other_sizes_can_be_asked_for() -> None:
    small = Chunking(1024, 4096, 16384)
    assert max(len(piece) for piece in cut(io.BytesIO(noise("small", MIB)), small)) <= 16384
