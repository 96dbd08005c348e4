"""What a browser keeps opens nowhere else."""

import pytest

from samovar.client.api.seal import Seal

SEAL = Seal("secret of the platform", "key of the browser")


def test_what_was_sealed_comes_back() -> None:
    assert SEAL.open(SEAL.close(b"refresh")) == b"refresh"
    assert Seal("secret of the platform", "key of the browser").open(SEAL.close(b"x")) == b"x"


def test_the_same_content_never_looks_the_same() -> None:
    assert SEAL.close(b"refresh") != SEAL.close(b"refresh")
    assert "refresh" not in SEAL.close(b"refresh")


@pytest.mark.parametrize(
    "other", [Seal("another secret", "key of the browser"), Seal("secret of the platform", ""), Seal("", "")]
)
def test_neither_half_alone_opens_anything(other: Seal) -> None:
    assert other.open(SEAL.close(b"refresh")) is None


@pytest.mark.parametrize("kept", ["", "x", "не base64", "A" * 10_000, "AAAA"])
def test_nonsense_opens_nothing(kept: str) -> None:
    assert SEAL.open(kept) is None


def test_a_changed_byte_opens_nothing() -> None:
    kept = SEAL.close(b"refresh")
    changed = ("B" if kept[20] == "A" else "A").join((kept[:20], kept[21:]))
    assert SEAL.open(changed) is None
