"""Whom a folder believes: keys that it saw first, and of each branch the greatest number that it has seen.

What a server sends is believed only with a signature of a key that was pinned: a server that is taken over cannot ship another build,
an old one, or keep a newer one back for longer than a release is vouched for.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Annotated, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from samovar.content.format.canonical import Size
from samovar.content.format.errors import ContentError, RolledBack, Tampered, UnknownKey
from samovar.content.format.manifest import (
    Manifest,
    Raw,
    Whose,
    check_manifest,
    key_id,
    open_introduction,
    open_manifest,
    open_release,
    verify,
)
from samovar.content.format.plan import PLAN_BYTES_MAX
from samovar.content.install.state import State

KEYS_MAX = 64


class Trusted(msgspec.Struct, frozen=True, array_like=True):
    """What a folder remembers.

    Attributes:
        platform: Raw public keys of the platform: they sign releases and plans.
        developer: Raw public keys of the developer: they sign manifests.
        seen: Of each branch the greatest number of a release.
    """

    platform: Annotated[tuple[Raw, ...], Meta(max_length=KEYS_MAX)]
    developer: Annotated[tuple[Raw, ...], Meta(max_length=KEYS_MAX)]
    seen: tuple[tuple[str, Size], ...]


class Envelopes(NamedTuple):
    """What the platform sends for an installation, as it was sent.

    Attributes:
        plan: The signed plan.
        manifest: The signed manifest.
        release: The platform's word that this is the newest build of the branch; None from a platform that gives none.
    """

    plan: bytes
    manifest: bytes
    release: bytes | None


class Offer(NamedTuple):
    """A build that may be installed: everything about it is signed.

    Attributes:
        app: The app's UUID, 16 bytes.
        branch: Of the app.
        build: As the platform names it.
        plan: The bytes of the plan.
        manifest: The manifest.
    """

    app: bytes
    branch: str
    build: str
    plan: bytes
    manifest: Manifest


class Trust:
    """Believes what is signed by pinned keys.

    Args:
        state: Where it is remembered.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._trusted = state.read("trust", Trusted) or Trusted((), (), ())

    @property
    def pinned(self) -> bool:
        """Whether keys are pinned already."""
        return bool(self._trusted.platform)

    def pin(self, platform: Iterable[bytes], developer: Iterable[bytes]) -> None:
        """Remember the keys that are seen first. Later ones are not believed."""
        if not self.pinned:
            self._remember(Trusted(tuple(platform), tuple(developer), self._trusted.seen))

    def introduce(self, platform: Iterable[bytes], developer: Iterable[bytes]) -> None:
        """Believe keys, too, for which pinned ones give their word, or keys that these have introduced. What nobody here knows is let be.

        Args:
            platform: Introductions of keys of the platform, as they were sent, in any order.
            developer: Those of keys of the developer.
        """
        found = msgspec.structs.replace(
            self._trusted,
            platform=_with_introduced(self._trusted.platform, platform, "platform"),
            developer=_with_introduced(self._trusted.developer, developer, "developer"),
        )
        if found != self._trusted:
            self._remember(found)

    def open(self, sent: Envelopes, *, app: bytes, branch: str, build: str, now: int) -> Offer:
        """Check all that was sent and return what is offered.

        Raises:
            UnknownKey: It is signed by keys that are not pinned, and that none which is has introduced.
            Tampered: It is not signed by whom it should be, or belongs to something else.
            Malformed: It is no such thing.
            Expired: Nobody vouches for it any more.
            RolledBack: It is older than what was seen before, or the platform's word is missing that was there before.
            Unsupported: It is of a later version.
        """
        platform = _keys(self._trusted.platform)
        # A platform that builds for its developers signs their manifests, too.
        developer = _keys(self._trusted.developer) or platform
        seen = dict(self._trusted.seen)
        manifest = open_manifest(sent.manifest, developer, app=app)
        if sent.release is None:
            if branch in seen:
                raise RolledBack(
                    f"the platform does not say any more which build of {branch!r} is the newest"
                )
        else:
            release = open_release(
                sent.release,
                platform,
                app=app,
                branch=branch,
                now=now,
                sequence_seen=seen.get(branch, 0),
            )
            check_manifest(release, sent.manifest)
            seen[branch] = release.sequence
        plan = verify("plan", sent.plan, platform, bytes_max=PLAN_BYTES_MAX)
        if seen != dict(self._trusted.seen):
            self._remember(msgspec.structs.replace(self._trusted, seen=tuple(sorted(seen.items()))))
        return Offer(app, branch, build, plan, manifest)

    def _remember(self, trusted: Trusted) -> None:
        self._state.write("trust", trusted)
        self._trusted = trusted


def _with_introduced(pinned: tuple[bytes, ...], sent: Iterable[bytes], whose: Whose) -> tuple[bytes, ...]:
    known = dict.fromkeys(pinned)
    waiting = [*islice(sent, KEYS_MAX)]
    grown = True
    while grown and waiting:
        grown = False
        for envelope in tuple(waiting):
            try:
                key = open_introduction(envelope, _keys(known), whose=whose)
            except UnknownKey:
                # The key that signed it may be introduced by another one.
                continue
            except ContentError:
                waiting.remove(envelope)
                continue
            waiting.remove(envelope)
            grown = True
            if len(known) < KEYS_MAX:
                known[key.public_bytes_raw()] = None
    return tuple(known)


def _keys(raw: Iterable[bytes]) -> Mapping[bytes, Ed25519PublicKey]:
    found = {}
    for one in raw:
        try:
            key = Ed25519PublicKey.from_public_bytes(one)
        except ValueError:
            raise Tampered("a pinned key is none") from None
        found[key_id(key)] = key
    return found
