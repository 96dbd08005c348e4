"""Who vouches for a build: the developer's build key signs the manifest, the platform signs the release that names it.

The platform alone cannot ship code, because it has no developer's key; the developer alone cannot roll players back, because
a release has a number that only grows and a time after which it counts no more. Signatures are Ed25519 (RFC 8032) over
"samovar.content.<what>.v1", a zero byte, and the payload, so that a signature of one thing is none of another.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta

from samovar.content.format.canonical import Count, Hash, Size, decode, encode, hash_of
from samovar.content.format.chunking import Chunking
from samovar.content.format.errors import Expired, Malformed, RolledBack, Tampered, UnknownKey, Unsupported
from samovar.content.format.tree import Tree

VERSION = 1
SIGNED_BYTES_MAX = 64 * 1024
ED25519 = "ed25519"

What = Literal["manifest", "release", "plan", "key"]
Whose = Literal["platform", "developer"]
Raw = Annotated[bytes, Meta(min_length=32, max_length=32)]
App = Annotated[bytes, Meta(min_length=16, max_length=16)]
Second = Annotated[int, Meta(ge=0, le=2**40)]


class Manifest(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A build in one line.

    Attributes:
        version: Of the format.
        app: The app's UUID, 16 bytes.
        tree: Id of the tree's outermost folder.
        size: Bytes of all files.
        files: How many files.
        folders: How many folders, the outermost not counted.
        links: How many symbolic links.
        chunking: How files were cut.
        created: Unix time in seconds.
    """

    version: Count
    app: App
    tree: Hash
    size: Size
    files: Count
    folders: Count
    links: Count
    chunking: Chunking
    created: Second


class Release(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The platform's word that a manifest is the newest of a branch.

    Attributes:
        version: Of the format.
        app: The app's UUID, 16 bytes.
        branch: Name of the branch.
        manifest: BLAKE3 of the signed manifest, envelope and all.
        sequence: Grows with every release of the branch, and when it is vouched for again.
        issued: Unix time in seconds.
        expires: Unix time in seconds, after which a client asks for a newer one.
    """

    version: Count
    app: App
    branch: Annotated[str, Meta(min_length=1, max_length=100)]
    manifest: Hash
    sequence: Size
    issued: Second
    expires: Second


class Introduction(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The word of a key for another one, which is then trusted as the first one is. It is signed by the first one.

    Attributes:
        version: Of the format.
        whose: Keys of the platform introduce keys of the platform, a developer's those of the same developer.
        key: The raw public key that is introduced.
        issued: Unix time in seconds.
    """

    version: Count
    whose: Whose
    key: Raw
    issued: Second


class Signature(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A signature.

    Attributes:
        algorithm: `ed25519`.
        key: BLAKE3 of the public key's 32 raw bytes.
        signature: 64 bytes.
    """

    algorithm: Annotated[str, Meta(max_length=20)]
    key: Hash
    signature: Annotated[bytes, Meta(max_length=128)]


class Signed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An envelope.

    Attributes:
        payload: The canonical bytes of what is signed.
        signatures: One or more; one that fits a trusted key is enough, so that a new key can be brought in beside the old one.
    """

    payload: bytes
    signatures: Annotated[tuple[Signature, ...], Meta(min_length=1, max_length=8)]


def key_id(key: Ed25519PublicKey) -> bytes:
    """Return the id of a public key."""
    return hash_of(key.public_bytes_raw())


def _message(what: What, payload: bytes) -> bytes:
    return f"samovar.content.{what}.v{VERSION}".encode() + b"\0" + payload


def sign(what: What, payload: bytes, *keys: Ed25519PrivateKey) -> bytes:
    """Put a payload into an envelope with a signature of each key."""
    message = _message(what, payload)
    signatures = (Signature(ED25519, key_id(key.public_key()), key.sign(message)) for key in keys)
    return encode(Signed(payload, tuple(signatures)))


def verify(
    what: What,
    envelope: bytes,
    keys: Mapping[bytes, Ed25519PublicKey],
    *,
    bytes_max: int = SIGNED_BYTES_MAX,
) -> bytes:
    """Return the payload of an envelope that one of the trusted keys, given by their ids, has signed.

    Every signature of a known key must fit: one that does not is a sign of tampering.

    Raises:
        Malformed: The bytes are no envelope.
        Unsupported: A known key signed by an algorithm that is not known.
        UnknownKey: No trusted key has signed this.
        Tampered: A signature of a trusted key does not fit.
    """
    signed = decode(envelope, Signed, bytes_max=bytes_max)
    message = _message(what, signed.payload)
    known = [one for one in signed.signatures if one.key in keys]
    if not known:
        raise UnknownKey(f"the {what} is signed by no trusted key")
    for one in known:
        if one.algorithm != ED25519:
            raise Unsupported(f"signatures by {one.algorithm!r} are not known here")
        try:
            keys[one.key].verify(one.signature, message)
        except InvalidSignature:
            raise Tampered(f"a signature of the {what} does not fit") from None
    return signed.payload


def describe(tree: Tree, *, app: bytes, chunking: Chunking, created: int) -> Manifest:
    """Return the manifest of a tree."""
    return Manifest(
        version=VERSION,
        app=app,
        tree=tree.root,
        size=tree.size,
        files=len(tree.files),
        folders=len(tree.folders),
        links=len(tree.links),
        chunking=chunking,
        created=created,
    )


def check_tree(manifest: Manifest, tree: Tree) -> None:
    """Refuse a tree that is not the manifest's.

    Raises:
        Tampered: Another tree, or its figures are not those of the manifest.
    """
    expected = describe(tree, app=manifest.app, chunking=manifest.chunking, created=manifest.created)
    if manifest != expected:
        raise Tampered("the tree is not the one that the manifest names")


_Dated = TypeVar("_Dated", Manifest, Release, Introduction)


def _read(payload: bytes, kind: type[_Dated]) -> _Dated:
    value = decode(payload, kind, bytes_max=SIGNED_BYTES_MAX)
    if value.version != VERSION:
        raise Unsupported(f"version {value.version} of the format is not known here")
    return value


def open_manifest(envelope: bytes, keys: Mapping[bytes, Ed25519PublicKey], *, app: bytes) -> Manifest:
    """Read a manifest that one of the developer's build keys has signed.

    Raises:
        Malformed: It is no manifest.
        Tampered: No trusted key has signed it, or it belongs to another app.
        Unsupported: It is of a later version.
    """
    manifest = _read(verify("manifest", envelope, keys), Manifest)
    if manifest.app != app:
        raise Tampered("the manifest belongs to another app")
    return manifest


def open_release(
    envelope: bytes,
    keys: Mapping[bytes, Ed25519PublicKey],
    *,
    app: bytes,
    branch: str,
    now: int,
    sequence_seen: int,
) -> Release:
    """Read the platform's word for a branch. `sequence_seen` is the greatest number that this client has met there.

    Raises:
        Malformed: It is no release.
        Tampered: No trusted key has signed it, or it belongs to another app or branch.
        Unsupported: It is of a later version.
        Expired: Its time is over: somebody may hold newer ones back.
        RolledBack: It is older than one seen before.
    """
    release = _read(verify("release", envelope, keys), Release)
    if (release.app, release.branch) != (app, branch):
        raise Tampered("the release belongs to another app or branch")
    if release.expires <= release.issued:
        raise Malformed("a release expires after it was issued")
    if release.expires <= now:
        raise Expired(f"the release expired at {release.expires}, it is {now}")
    if release.sequence < sequence_seen:
        raise RolledBack(f"the release has the number {release.sequence}, {sequence_seen} was seen before")
    return release


def introduce(whose: Whose, key: Ed25519PublicKey, by: Ed25519PrivateKey, *, issued: int) -> bytes:
    """Return the word of a key for another one."""
    return sign("key", encode(Introduction(VERSION, whose, key.public_bytes_raw(), issued)), by)


def open_introduction(
    envelope: bytes, keys: Mapping[bytes, Ed25519PublicKey], *, whose: Whose
) -> Ed25519PublicKey:
    """Read the word of a trusted key for another one.

    Raises:
        Malformed: It is none, or not for a key.
        UnknownKey: No trusted key has signed it.
        Tampered: It is about another kind of keys, or a signature does not fit.
        Unsupported: It is of a later version.
    """
    told = _read(verify("key", envelope, keys), Introduction)
    if told.whose != whose:
        raise Tampered(f"a key of the {told.whose} is introduced as one of the {whose}")
    try:
        return Ed25519PublicKey.from_public_bytes(told.key)
    except ValueError:
        raise Malformed("what is introduced is no key") from None


def check_manifest(release: Release, envelope: bytes) -> None:
    """Refuse a signed manifest that is not the release's.

    Raises:
        Tampered: The platform names another one.
    """
    if hash_of(envelope) != release.manifest:
        raise Tampered("the manifest is not the one that the release names")
