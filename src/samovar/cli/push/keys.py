"""The key with which a developer signs builds. It is made on the first push and never leaves the machine; the platform knows its public half."""

import os
import socket
from base64 import b64encode
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from samovar.cli.push.platform import Platform, PushFailed, Refused
from samovar.content.format.manifest import introduce, key_id

NAME_LENGTH_MAX = 100
FOREIGN = "download.build_key_not_found"
_REFUSED = {401, 403, 404}


class _Key(msgspec.Struct, frozen=True):
    id: str
    revoked_at: str | None = None
    is_introduced: bool = False


def read_key(path: Path, *, make: bool = True) -> Ed25519PrivateKey:
    """Return the key in a file, which is made when there is none.

    Raises:
        PushFailed: The file holds no Ed25519 key, or cannot be read or made.
    """
    try:
        if make and not path.exists():
            _make(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PushFailed(f"the build key {path}: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise PushFailed(f"the build key {path} is not an Ed25519 key")
    return key


def _make(path: Path) -> None:
    """Write a new key that its owner alone may read; of two who make it at once one wins."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        return
    finally:
        unfinished.unlink()


async def register(
    platform: Platform,
    organisation_id: UUID,
    key: Ed25519PrivateKey,
    *,
    old_key: Ed25519PrivateKey | None,
    now: int,
) -> str | None:
    """Let the organisation's builds be signed with a key; returns what is to be said of it, if anything.

    With an old key that players know the new one is introduced to them: without it they refuse what it signs.

    Who may push but not add keys goes on: whether the key counts is seen when the build is completed.

    Raises:
        PushFailed: The key was revoked, belongs to another organisation, or the platform does not answer.
    """
    path = f"/v1/dev/organizations/{organisation_id}/build-keys"
    public = key.public_key()
    try:
        known = {one.id: one for one in await platform.ask("GET", path, list[_Key])}
    except Refused as refused:
        if refused.status in _REFUSED:
            return None
        raise
    mine = known.get(key_id(public).hex())
    if mine is not None and mine.revoked_at is None and (old_key is None or mine.is_introduced):
        return None
    if mine is not None and mine.revoked_at is not None:
        raise PushFailed(f"the build key {mine.id} was revoked: use another one, --key FILE")
    told = {
        "public_key": b64encode(public.public_bytes_raw()).decode(),
        "name": socket.gethostname()[:NAME_LENGTH_MAX] or "push",
    }
    if old_key is not None:
        told["introduction"] = b64encode(introduce("developer", public, old_key, issued=now)).decode()
    try:
        await platform.ask("POST", path, _Key, json=told)
    except Refused as refused:
        if refused.code == FOREIGN:
            raise PushFailed(
                "the build key of this machine signs for another organisation: use another one for this, --key FILE; it is made on the first push"
            ) from refused
        raise
    if old_key is not None:
        return "The build key is new to the organisation, and was added with the old one's word for it: players will believe it."
    if any(one.revoked_at is None for one in known.values()):
        return (
            "The build key of this machine is new to the organisation and was added. Players who have a game of the organisation know its other"
            " keys and will refuse this build: introduce the key by one of those, --old-key FILE, or copy that one to this machine."
        )
    return "The build key of this machine is new to the organisation and was added."
