"""Signed manifests and releases."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.content.format.canonical import decode, encode, hash_of
from samovar.content.format.chunking import STANDARD
from samovar.content.format.errors import ContentError, Expired, Malformed, RolledBack, Tampered, Unsupported
from samovar.content.format.manifest import (
    Manifest,
    Release,
    Signed,
    check_manifest,
    check_tree,
    describe,
    key_id,
    open_manifest,
    open_release,
    sign,
    verify,
)
from tests.content.format.material import tree_of

VECTOR: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors/manifest.json").read_text())
DEVELOPER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PLATFORM = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
KEYS = {key_id(DEVELOPER.public_key()): DEVELOPER.public_key()}
PLATFORM_KEYS = {key_id(PLATFORM.public_key()): PLATFORM.public_key()}
APP = bytes(range(16))
TREE = tree_of({"a": b"a", "Игра/данные": b"data"})
MANIFEST = describe(TREE, app=APP, chunking=STANDARD, created=1_700_000_000)
ENVELOPE = sign("manifest", encode(MANIFEST), DEVELOPER)
RELEASE = Release(1, APP, "public", hash_of(ENVELOPE), 7, 1_700_000_000, 1_700_100_000)
SIGNED_RELEASE = sign("release", encode(RELEASE), PLATFORM)
NOW = 1_700_050_000


def opened(envelope: bytes = SIGNED_RELEASE, **changes: Any) -> Release:
    given_: dict[str, Any] = {"app": APP, "branch": "public", "now": NOW, "sequence_seen": 0} | changes
    return open_release(envelope, PLATFORM_KEYS, **given_)


def test_the_published_vector_holds() -> None:
    assert ENVELOPE.hex() == VECTOR["manifest"]
    assert SIGNED_RELEASE.hex() == VECTOR["release"]
    assert TREE.root.hex() == VECTOR["tree"]
    assert [key.hex() for key in (*KEYS, *PLATFORM_KEYS)] == VECTOR["keys"]


def test_what_was_signed_reads_back() -> None:
    assert open_manifest(ENVELOPE, KEYS, app=APP) == MANIFEST
    assert opened() == RELEASE
    check_manifest(opened(), ENVELOPE)
    check_tree(MANIFEST, TREE)


def changed(data: st.DataObject, envelope: bytes) -> bytes:
    bytes_ = bytearray(envelope)
    bytes_[data.draw(st.integers(0, len(bytes_) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes(bytes_)


@given(st.data())
@settings(max_examples=300)
def test_a_change_of_any_byte_of_a_manifest_is_refused(data: st.DataObject) -> None:
    with pytest.raises(ContentError):
        open_manifest(changed(data, ENVELOPE), KEYS, app=APP)


@given(st.data())
@settings(max_examples=300)
def test_a_change_of_any_byte_of_a_release_is_refused(data: st.DataObject) -> None:
    with pytest.raises(ContentError):
        opened(changed(data, SIGNED_RELEASE))


@given(st.binary(max_size=300))
def test_nonsense_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(ContentError):
        open_manifest(data, KEYS, app=APP)


@pytest.mark.parametrize("length", range(0, len(ENVELOPE), 7))
def test_a_manifest_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Malformed):
        open_manifest(ENVELOPE[:length], KEYS, app=APP)


def test_a_manifest_of_a_stranger_is_refused() -> None:
    with pytest.raises(Tampered, match="no trusted key"):
        open_manifest(sign("manifest", encode(MANIFEST), PLATFORM), KEYS, app=APP)


def test_a_signature_of_one_thing_is_none_of_another() -> None:
    payload = encode(MANIFEST)
    with pytest.raises(Tampered):
        verify("release", sign("manifest", payload, DEVELOPER), KEYS)


def test_a_key_that_is_brought_in_beside_the_old_one_is_enough() -> None:
    both = sign("manifest", encode(MANIFEST), PLATFORM, DEVELOPER)
    assert open_manifest(both, KEYS, app=APP) == open_manifest(both, PLATFORM_KEYS, app=APP) == MANIFEST


def test_a_known_key_with_another_algorithm_is_refused() -> None:
    signed = decode(ENVELOPE, Signed, bytes_max=10_000)
    other = msgspec.structs.replace(signed.signatures[0], algorithm="rsa")
    with pytest.raises(Unsupported):
        open_manifest(encode(Signed(signed.payload, (other,))), KEYS, app=APP)


def test_a_manifest_of_another_app_is_refused() -> None:
    with pytest.raises(Tampered, match="another app"):
        open_manifest(ENVELOPE, KEYS, app=bytes(16))


@pytest.mark.parametrize("change", [{"app": bytes(16)}, {"branch": "beta"}])
def test_a_release_of_another_branch_or_app_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Tampered):
        opened(**change)


def test_a_release_of_a_later_version_is_refused() -> None:
    later = sign("release", encode(msgspec.structs.replace(RELEASE, version=2)), PLATFORM)
    with pytest.raises(Unsupported):
        opened(later)


def test_a_release_whose_time_is_over_is_refused() -> None:
    assert opened(now=RELEASE.expires - 1)
    with pytest.raises(Expired):
        opened(now=RELEASE.expires)


def test_a_release_older_than_one_seen_is_refused() -> None:
    assert opened(sequence_seen=7)
    with pytest.raises(RolledBack):
        opened(sequence_seen=8)


def test_a_release_that_expires_before_it_was_issued_is_refused() -> None:
    wrong = sign("release", encode(msgspec.structs.replace(RELEASE, expires=RELEASE.issued)), PLATFORM)
    with pytest.raises(Malformed):
        opened(wrong)


def test_another_manifest_than_the_release_names_is_refused() -> None:
    other = sign("manifest", encode(msgspec.structs.replace(MANIFEST, created=1)), DEVELOPER)
    with pytest.raises(Tampered):
        check_manifest(RELEASE, other)


@pytest.mark.parametrize("field", ["tree", "size", "files", "folders", "links"])
def test_a_tree_that_is_not_the_manifests_is_refused(field: str) -> None:
    value = bytes(32) if field == "tree" else getattr(MANIFEST, field) + 1
    wrong: Manifest = msgspec.structs.replace(MANIFEST, **{field: value})
    with pytest.raises(Tampered):
        check_tree(wrong, TREE)
