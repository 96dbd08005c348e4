"""Keys with which developers sign builds: added, listed, revoked."""

from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from samovar.content.format.canonical import hash_of
from samovar.content.format.errors import ContentError
from samovar.content.format.manifest import key_id as id_of
from samovar.content.format.manifest import open_introduction
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.services.download.errors import (
    AppNotFound,
    BuildKeyNotFound,
    IntroductionRefused,
    TooManyBuildKeys,
)
from samovar.services.download.keys import repository
from samovar.services.download.keys.schemas import NewKey, SigningKey
from samovar.services.download.keys.trusted import KEYS_MAX
from samovar.services.download.rights import SIGN, Rights

LISTED_MAX = 100


class BuildKeys:
    """The keys of organisations."""

    def __init__(self, database: Database, *, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def add(self, caller: Caller, organisation_id: UUID, wanted: NewKey) -> SigningKey:
        """Let builds be signed with a key. The same key once more is the same.

        Raises:
            AppNotFound: The organisation is not the caller's to publish for.
            BuildKeyNotFound: Another organisation has this key, or it was revoked here.
            IntroductionRefused: No key that counts has given its word for this one.
            TooManyBuildKeys: There are as many as there may be.
        """
        self._require(caller, organisation_id)
        key_id = hash_of(wanted.public_key)
        async with self._database.transaction() as tx:
            await repository.lock(tx, organisation_id)
            known = await repository.find(tx, organisation_id, key_id)
            counting = await repository.public_keys(tx, organisation_id, KEYS_MAX)
            if wanted.introduction is not None:
                _check(wanted.introduction, wanted.public_key, counting)
            if known is not None and known.revoked_at is None:
                if wanted.introduction is None or known.is_introduced:
                    return known
                return await repository.keep_introduction(tx, organisation_id, key_id, wanted.introduction)
            if len(counting) >= KEYS_MAX:
                raise TooManyBuildKeys(limit=KEYS_MAX)
            made = await repository.insert(
                tx,
                key_id,
                organisation_id=organisation_id,
                public_key=wanted.public_key,
                name=wanted.name,
                introduction=wanted.introduction,
                account_id=caller.account_id,
                now=self._clock.now(),
            )
        if made is None:
            raise BuildKeyNotFound(f"{key_id.hex()} is revoked, or another organisation's")
        return made

    async def list_keys(self, caller: Caller, organisation_id: UUID) -> list[SigningKey]:
        """Return the keys, revoked ones too.

        Raises:
            AppNotFound: As `add`.
        """
        self._require(caller, organisation_id)
        return await repository.list_of(self._database, organisation_id, LISTED_MAX)

    async def revoke(self, caller: Caller, organisation_id: UUID, key_id: str) -> None:
        """Let nothing more be signed with a key. Builds that are complete stay what they are.

        Raises:
            AppNotFound: As `add`.
            BuildKeyNotFound: There is no such key.
        """
        self._require(caller, organisation_id)
        async with self._database.transaction() as tx:
            if not await repository.revoke(
                tx,
                organisation_id,
                bytes.fromhex(key_id),
                account_id=caller.account_id,
                now=self._clock.now(),
            ):
                raise BuildKeyNotFound(key_id)

    def _require(self, caller: Caller, organisation_id: UUID) -> None:
        if not self._rights.allow(caller, SIGN, "owner", "editor", organisation_id=organisation_id):
            raise AppNotFound(f"organisation {organisation_id}")


def _check(introduction: bytes, public_key: bytes, counting: Sequence[bytes]) -> None:
    known = [Ed25519PublicKey.from_public_bytes(raw) for raw in counting if raw != public_key]
    try:
        introduced = open_introduction(introduction, {id_of(key): key for key in known}, whose="developer")
    except ContentError as error:
        raise IntroductionRefused(str(error), reason=str(error)) from None
    if introduced.public_bytes_raw() != public_key:
        raise IntroductionRefused("another key", reason="it is about another key")
