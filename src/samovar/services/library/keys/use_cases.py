"""What one can do with keys."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Conflict, FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller, Permissions
from samovar.kit.ids import IdSource
from samovar.kit.limits import Limits
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.kit.settings import Secret
from samovar.kit.text.countries import COUNTRIES
from samovar.services.library.contract.key_events import KeyRedeemed
from samovar.services.library.keys import domain, repository
from samovar.services.library.keys.adapters import Package, Packages
from samovar.services.library.keys.domain import Fate, Key
from samovar.services.library.keys.errors import (
    AlreadyOwned,
    KeyBatchNotFound,
    KeyExpired,
    KeyNotFound,
    KeyNotHere,
    KeyRevoked,
    KeyUsed,
    PackageNotFound,
    TooManyKeys,
    TooManyRedemptions,
)
from samovar.services.library.keys.schemas import (
    BatchKey,
    KeyAnswer,
    KeyBatch,
    NewKeyBatch,
    Redeemed,
    Redemption,
    ShownBatch,
)
from samovar.services.library.licences import granting, owning
from samovar.services.library.licences.domain import Wanted

MANAGE = "library.key.manage"
SOURCE = "key"
# Whoever has a bundle of keys redeems them in one sitting; whoever guesses gets nowhere with so many.
PER_ACCOUNT = RateLimit(30, per_s=600, where="cluster")
PER_NETWORK = RateLimit(120, per_s=600, where="cluster")
_REFUSALS: dict[Fate, type[Conflict]] = {"used": KeyUsed, "expired": KeyExpired, "revoked": KeyRevoked}
_STAFF_LEFT_OUT = "developer"


class KeyBatches:
    """Keys, as those who make them see them: people of the package's organisation, and administrators."""

    def __init__(
        self,
        database: Database,
        *,
        packages: Packages,
        roles_by_permission: Mapping[str, Sequence[str]],
        secret: Secret,
        country: str,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._packages = packages
        self._permissions = Permissions(roles_by_permission)
        self._secret = secret
        self._country = country
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def make(self, caller: Caller, package_id: UUID, wanted: NewKeyBatch) -> tuple[KeyBatch, list[str]]:
        """Make keys, and return their codes, which nobody can tell again.

        Raises:
            CatalogAway: Nobody can say whose the package is.
            InvalidInput: They would be over before they are made.
            PackageNotFound: The caller makes no keys for it.
            TooManyKeys: It has enough that nobody has redeemed.
        """
        package = await self._require(caller, package_id)
        now = self._clock.now()
        if wanted.expires_at and wanted.expires_at <= now:
            raise InvalidInput(
                "expires_at", fields=[FieldError("expires_at", "key_end_past", "it must be later than now")]
            )
        batch = KeyBatch(
            batch_id=self._new_id(),
            package_id=package_id,
            kind=wanted.kind,
            count=wanted.count,
            redeemed=0,
            note=wanted.note,
            created_by=caller.account_id,
            created_at=now,
            expires_at=wanted.expires_at,
            revoked_at=None,
        )
        codes, hashes = await asyncio.to_thread(self._mint, wanted.count)
        async with self._database.transaction() as tx:
            await repository.lock_package(tx, package_id)
            unused = await repository.count_unused(tx, package_id, now)
            if unused + wanted.count > domain.UNUSED_PER_PACKAGE_MAX:
                raise TooManyKeys(f"{unused} unused", limit=domain.UNUSED_PER_PACKAGE_MAX)
            ids = [self._new_id() for _ in codes]
            await repository.insert_batch(tx, batch, package.organisation_id, ids, hashes)
        return batch, codes

    async def list_batches(
        self, caller: Caller, package_id: UUID, cursor: str | None, limit: int
    ) -> Page[ShownBatch]:
        """Return a page of batches of a package, the newest first.

        Raises:
            CatalogAway: As `make`, and so is `PackageNotFound`.
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, BatchKey)
        await self._require(caller, package_id)
        return self._page(await repository.list_batches(self._database, package_id, after, limit + 1), limit)

    async def list_all(
        self, caller: Caller, organisation_id: UUID, cursor: str | None, limit: int
    ) -> Page[ShownBatch]:
        """Return a page of batches of all packages of an organisation, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
            PackageNotFound: The caller makes no keys for the whole of it.
        """
        after = decode_cursor(cursor, BatchKey)
        if not any(
            self._permissions.allows_in(caller, MANAGE, level=level, organisation_id=organisation_id)
            for level in ("owner", "editor")
        ):
            raise PackageNotFound(f"{organisation_id}")
        return self._page(
            await repository.list_of_organisation(self._database, organisation_id, after, limit + 1), limit
        )

    async def show(self, caller: Caller, package_id: UUID, batch_id: UUID) -> ShownBatch:
        """Return a batch.

        Raises:
            CatalogAway: As `make`, and so is `PackageNotFound`.
            KeyBatchNotFound: The package has no such batch.
        """
        await self._require(caller, package_id)
        batch = await repository.find_batch(self._database, package_id, batch_id)
        if batch is None:
            raise KeyBatchNotFound(f"{batch_id}")
        return ShownBatch.of(batch, self._clock.now())

    async def look_up(self, caller: Caller, package_id: UUID, code: str) -> KeyAnswer:
        """Return what became of a key of a package.

        Raises:
            CatalogAway: As `make`, and so is `PackageNotFound`.
            KeyNotFound: No key of the package reads so.
        """
        await self._require(caller, package_id)
        code_hash = domain.hash_of(self._secret.reveal(), code)
        key = await repository.find(self._database, code_hash) if code_hash else None
        batch = await repository.find_batch(self._database, package_id, key.batch_id) if key else None
        if key is None or batch is None:
            raise KeyNotFound
        return KeyAnswer(
            batch_id=key.batch_id,
            kind=batch.kind,
            state=key.fate(self._clock.now()),
            redeemed_at=key.redeemed_at,
        )

    async def revoke(self, caller: Caller, package_id: UUID, batch_id: UUID) -> ShownBatch:
        """Take back the keys of a batch that nobody has redeemed.

        Raises:
            CatalogAway: As `make`, and so is `PackageNotFound`.
            KeyBatchNotFound: The package has no such batch.
        """
        await self._require(caller, package_id)
        async with self._database.transaction() as tx:
            batch = await repository.revoke_batch(tx, package_id, batch_id, self._clock.now())
        if batch is None:
            raise KeyBatchNotFound(f"{batch_id}")
        return ShownBatch.of(batch, self._clock.now())

    def _page(self, rows: Sequence[KeyBatch], limit: int) -> Page[ShownBatch]:
        now = self._clock.now()
        shown = [ShownBatch.of(row, now) for row in rows]
        return page_of(shown, limit, lambda row: BatchKey(row.created_at, row.batch_id))

    async def _require(self, caller: Caller, package_id: UUID) -> Package:
        package = await self._packages.find(package_id, self._country)
        if package is None or not self._may(caller, package):
            raise PackageNotFound(f"{package_id}")
        return package

    def _may(self, caller: Caller, package: Package) -> bool:
        if package.organisation_id is None:
            staff = tuple(role for role in caller.roles if role != _STAFF_LEFT_OUT)
            return self._permissions.allows(msgspec.structs.replace(caller, roles=staff), MANAGE)
        return any(
            self._permissions.allows_in(
                caller,
                MANAGE,
                level=level,
                organisation_id=package.organisation_id,
                game_id=package.app_id,
            )
            for level in ("owner", "editor")
        )

    def _mint(self, count: int) -> tuple[list[str], list[bytes]]:
        codes = [domain.make_code(self._random_bytes) for _ in range(count)]
        hashes = [domain.hash_of(self._secret.reveal(), code) for code in codes]
        return codes, [one for one in hashes if one]


class Redemptions:
    """Keys, as players redeem them."""

    def __init__(
        self,
        database: Database,
        *,
        packages: Packages,
        limits: Limits,
        secret: Secret,
        country: str,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._packages = packages
        self._limits = limits
        self._secret = secret
        self._country = country
        self._clock = clock
        self._new_id = new_id

    async def redeem(self, account_id: UUID, address: str, wanted: Redemption, once: Once) -> Redeemed:
        """Make a licence of a key, once. A refusal leaves the key as it was.

        Raises:
            AlreadyOwned: The account has all that the key opens.
            CatalogAway: Nobody can say what the package is.
            InvalidInput: There is no such country.
            KeyExpired: Its time is over.
            KeyNotFound: No key reads so.
            KeyNotHere: It cannot be activated in this country.
            KeyRevoked: Its maker has taken it back.
            KeyUsed: Somebody has redeemed it.
            TooManyRedemptions: So many are tried by nobody who has keys.
            Unavailable: Nobody can say how many were tried.
        """
        country = wanted.country or self._country
        if country not in COUNTRIES:
            raise InvalidInput("country", fields=[FieldError("country", "country_unknown", country)])
        await self._count(account_id, address)
        code_hash = domain.hash_of(self._secret.reveal(), wanted.code)
        found = await repository.find(self._database, code_hash) if code_hash else None
        if found is None:
            raise KeyNotFound
        self._require_good(found)
        package = await self._packages.find(found.package_id, country)
        if package is None or not package.activatable:
            raise KeyNotHere(f"{found.package_id} in {country}")
        async with self._database.transaction() as tx:
            await repository.lock_redeemer(tx, account_id)
            key = await repository.lock(tx, found.id)
            if key is None:
                raise KeyNotFound
            self._require_good(key)
            redeemed = await self._give(tx, account_id, key, package)
            return await once.answer(tx, redeemed)

    async def _give(self, tx: Transaction, account_id: UUID, key: Key, package: Package) -> Redeemed:
        now = self._clock.now()
        if await owning.kept(tx, account_id, package.app_ids) >= set(package.app_ids):
            raise AlreadyOwned(f"{key.package_id}")
        wanted = Wanted(
            account_id=account_id,
            package_id=key.package_id,
            app_ids=package.app_ids,
            kind="key",
            source=SOURCE,
            source_id=str(key.id),
        )
        (licence,) = await granting.grant(tx, [wanted], new_id=self._new_id, now=now)
        await repository.redeem(tx, key.id, account_id, licence.id, now)
        await tx.publish(
            KeyRedeemed(
                key_id=key.id,
                batch_id=key.batch_id,
                package_id=key.package_id,
                account_id=account_id,
                licence_id=licence.id,
                redeemed_at=now,
            )
        )
        return Redeemed(
            licence_id=licence.id,
            package_id=key.package_id,
            game_ids=list(licence.app_ids),
            names=package.names,
        )

    def _require_good(self, key: Key) -> None:
        refusal = _REFUSALS.get(key.fate(self._clock.now()))
        if refusal:
            raise refusal(f"{key.id}")

    async def _count(self, account_id: UUID, address: str) -> None:
        decision = await self._limits.hit_many(
            {f"redeem:{account_id}": PER_ACCOUNT, f"redeem_network:{network_of(address)}": PER_NETWORK},
            when_away="closed",
        )
        if not decision.allowed:
            raise TooManyRedemptions(retry_after_s=decision.retry_after_s)
