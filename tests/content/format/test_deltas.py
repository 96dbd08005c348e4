"""Deltas."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.content.format.deltas import (
    HDIFFPATCH,
    ZSTD_PREFIX,
    apply,
    compress_after,
    decompress_after,
    make,
)
from samovar.content.format.errors import ContentError, Malformed, TooLarge, Unsupported
from tests.content.format.material import KIB, MIB, contents, noise

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors/deltas.json").read_text())
KINDS = [ZSTD_PREFIX, HDIFFPATCH]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_published_vectors_apply(vector: dict[str, Any]) -> None:
    old = noise(vector["seed"], vector["size"])
    new = old[: vector["cut"]] + bytes.fromhex(vector["inserted"]) + old[vector["cut"] :]
    assert apply(vector["kind"], old, bytes.fromhex(vector["delta"]), len(new)) == new


@given(contents(), contents(), st.sampled_from(KINDS))
@settings(max_examples=60, deadline=None)
def test_a_delta_makes_the_new_file_from_the_old_one(old: bytes, new: bytes, kind: int) -> None:
    assert apply(kind, old, make(kind, old, new), len(new)) == new


@pytest.mark.parametrize("kind", KINDS)
def test_a_delta_of_a_small_change_is_small(kind: int) -> None:
    old = noise("old", 4 * MIB)
    new = old[: 2 * MIB] + b"inserted" + old[2 * MIB + 100 :]
    assert len(make(kind, old, new)) < KIB


@given(st.sampled_from(KINDS), st.data())
@settings(max_examples=200, deadline=None)
def test_a_delta_with_any_byte_changed_is_refused_by_name_or_makes_bytes_of_the_size(
    kind: int, data: st.DataObject
) -> None:
    old = noise("old", 5000)
    new = old[:100] + b"changed" * 20 + old[300:]
    delta = bytearray(make(kind, old, new))
    delta[data.draw(st.integers(0, len(delta) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        made = apply(kind, old, bytes(delta), len(new))
    except ContentError:
        return
    assert len(made) == len(new)


@pytest.mark.parametrize("kind", KINDS)
def test_a_delta_for_another_size_is_refused(kind: int) -> None:
    delta = make(kind, b"old" * 100, b"new" * 100)
    with pytest.raises(ContentError):
        apply(kind, b"old" * 100, delta, 299)
    with pytest.raises(ContentError):
        apply(kind, b"old" * 100, delta, 301)


@given(st.sampled_from(KINDS), st.binary(max_size=100))
def test_nonsense_is_refused_by_name(kind: int, delta: bytes) -> None:
    with pytest.raises(ContentError):
        apply(kind, b"old", delta, 10)


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(Unsupported):
        make(3, b"", b"")
    with pytest.raises(Unsupported):
        apply(3, b"", b"", 0)


def test_bytes_that_unpack_without_end_are_stopped() -> None:
    with pytest.raises(TooLarge):
        decompress_after(b"the prefix", compress_after(b"the prefix", bytes(50 * MIB)), bytes_max=MIB)


def test_another_prefix_is_noticed_or_gives_other_bytes() -> None:
    data = noise("data", 10 * KIB)
    packed = compress_after(data, data)
    assert len(packed) < 100
    with pytest.raises(Malformed):
        decompress_after(b"", packed, bytes_max=MIB)
