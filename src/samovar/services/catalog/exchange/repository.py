"""The SQL of exchange: how far imports have come, what lines name, and everything in the order of an export."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import AppState
from samovar.services.catalog.exchange.domain import Counts, Position
from samovar.services.catalog.exchange.faults import FAULTS_KEPT_MAX, Fault


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `imports`."""

    run_id: UUID
    state: str
    stage: int
    line: int
    new: int
    changed: int
    same: int
    refused: int

    @property
    def position(self) -> Position:
        """How far it has come."""
        return Position(self.stage, self.line)

    @property
    def counts(self) -> Counts:
        """What became of its lines so far."""
        return Counts(new=self.new, changed=self.changed, same=self.same, refused=self.refused)


class AppKnown(msgspec.Struct, frozen=True, kw_only=True):
    """An app that a line names."""

    id: UUID
    slug: str
    origin: str
    origin_key: str | None
    state: AppState


class CreatorKnown(msgspec.Struct, frozen=True, kw_only=True):
    """A creator as it is there."""

    slug: str
    name: str
    website: str | None
    organisation_id: UUID | None


class TermKnown(msgspec.Struct, frozen=True, kw_only=True):
    """A term as it is there."""

    kind: str
    slug: str
    names: Any


class OfferKnown(msgspec.Struct, frozen=True, kw_only=True):
    """A package or bundle that a line names.

    Attributes:
        app_id: The page of a package.
    """

    id: UUID
    slug: str
    version: int
    app_id: UUID | None = None


class _FaultRow(msgspec.Struct, frozen=True):
    fault: Fault


async def begin(
    tx: Transaction, fingerprint: str, *, run_id: UUID, now: datetime, kept: timedelta, is_anew: bool
) -> ImportRow:
    """Return the import of a file that was begun and not finished, else begin it; forget those that ended long ago."""
    await tx.execute(
        "DELETE FROM imports WHERE updated_at < $1 AND fingerprint <> $2", now - kept, fingerprint
    )
    row = await tx.fetch_one(
        """
        INSERT INTO imports (fingerprint, run_id, state, stage, line, started_at, updated_at)
        VALUES ($1, $2, 'running', 0, 0, $3, $3)
        ON CONFLICT (fingerprint) DO UPDATE SET
            run_id = excluded.run_id, state = 'running', stage = 0, line = 0,
            new = 0, changed = 0, same = 0, refused = 0, started_at = $3, updated_at = $3
        WHERE imports.state = 'done' OR $4
        RETURNING run_id, state, stage, line, new, changed, same, refused
        """,
        fingerprint,
        run_id,
        now,
        is_anew,
        into=ImportRow,
    )
    if row is not None:
        await tx.execute("DELETE FROM import_faults WHERE fingerprint = $1", fingerprint)
        return row
    return await lock(tx, fingerprint)


async def lock(tx: Transaction, fingerprint: str) -> ImportRow:
    """Lock an import that was begun: one batch of a file at a time, whoever works on it."""
    row = await tx.fetch_one(
        "SELECT run_id, state, stage, line, new, changed, same, refused FROM imports WHERE fingerprint = $1 FOR UPDATE",
        fingerprint,
        into=ImportRow,
    )
    if row is None:
        raise LookupError(fingerprint)
    return row


async def advance(
    tx: Transaction, fingerprint: str, *, to: Position, more: Counts, is_done: bool, now: datetime
) -> None:
    """Remember how far an import has come."""
    await tx.execute(
        """
        UPDATE imports SET stage = $2, line = $3, new = new + $4, changed = changed + $5, same = same + $6,
            refused = refused + $7, state = CASE WHEN $8 THEN 'done' ELSE 'running' END, updated_at = $9
        WHERE fingerprint = $1
        """,
        fingerprint,
        to.stage,
        to.line,
        more.new,
        more.changed,
        more.same,
        more.refused,
        is_done,
        now,
    )


async def add_faults(tx: Transaction, fingerprint: str, faults: Sequence[Fault]) -> None:
    """Keep what was refused, while there are not too many."""
    if faults:
        await tx.execute(
            """
            INSERT INTO import_faults (fingerprint, fault)
            SELECT $1, fault FROM unnest($2::jsonb[]) WITH ORDINALITY AS refused (fault, place)
            WHERE (SELECT count(*) FROM import_faults WHERE fingerprint = $1) + place <= $3
            ORDER BY place
            """,
            fingerprint,
            list(faults),
            FAULTS_KEPT_MAX,
        )


async def list_faults(database: Database | Transaction, fingerprint: str) -> list[Fault]:
    """Return what was refused so far."""
    rows = await database.fetch(
        "SELECT fault FROM import_faults WHERE fingerprint = $1 ORDER BY seq", fingerprint, into=_FaultRow
    )
    return [row.fault for row in rows]


async def savepoint(tx: Transaction) -> None:
    """Mark a point to which `roll_back` returns."""
    await tx.execute("SAVEPOINT batch")


async def roll_back(tx: Transaction) -> None:
    """Take back what was written since `savepoint`."""
    await tx.execute("ROLLBACK TO SAVEPOINT batch")


async def release(tx: Transaction) -> None:
    """Forget the last `savepoint`; what was written since stays part of the transaction."""
    await tx.execute("RELEASE SAVEPOINT batch")


async def find_apps(tx: Transaction, slugs: Sequence[str]) -> dict[str, AppKnown]:
    """Return the apps with these slugs."""
    rows = await tx.fetch(
        "SELECT id, slug, origin, origin_key, state FROM apps WHERE slug = ANY($1)",
        list(slugs),
        into=AppKnown,
    )
    return {row.slug: row for row in rows}


class _Key(msgspec.Struct, frozen=True):
    origin_key: str
    slug: str


async def find_slugs(database: Database, origin: str) -> dict[str, str]:
    """Return the slugs of all apps of an origin, by their keys there."""
    rows = await database.fetch(
        "SELECT origin_key, slug FROM apps WHERE origin = $1 AND origin_key IS NOT NULL", origin, into=_Key
    )
    return {row.origin_key: row.slug for row in rows}


async def find_creators(tx: Transaction, slugs: Sequence[str]) -> dict[str, CreatorKnown]:
    """Return the creators with these slugs."""
    rows = await tx.fetch(
        "SELECT slug, name, website, organisation_id FROM creators WHERE slug = ANY($1)",
        list(slugs),
        into=CreatorKnown,
    )
    return {row.slug: row for row in rows}


async def find_terms(tx: Transaction, slugs: Sequence[str]) -> dict[tuple[str, str], TermKnown]:
    """Return the terms with these slugs, of any kind."""
    rows = await tx.fetch(
        "SELECT kind, slug, names FROM terms WHERE slug = ANY($1)", list(slugs), into=TermKnown
    )
    return {(row.kind, row.slug): row for row in rows}


async def find_packages(tx: Transaction, slugs: Sequence[str]) -> dict[str, OfferKnown]:
    """Return the packages with these slugs."""
    rows = await tx.fetch(
        "SELECT id, slug, version, app_id FROM packages WHERE slug = ANY($1)", list(slugs), into=OfferKnown
    )
    return {row.slug: row for row in rows}


async def find_bundles(tx: Transaction, slugs: Sequence[str]) -> dict[str, OfferKnown]:
    """Return the bundles with these slugs."""
    rows = await tx.fetch(
        "SELECT id, slug, version FROM bundles WHERE slug = ANY($1)", list(slugs), into=OfferKnown
    )
    return {row.slug: row for row in rows}


class _Counted(msgspec.Struct, frozen=True):
    package_id: UUID
    count: int


async def count_prices(tx: Transaction, package_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many prices these packages ever had; a change makes one more."""
    rows = await tx.fetch(
        "SELECT package_id, count(*) AS count FROM base_prices WHERE package_id = ANY($1) GROUP BY package_id",
        list(package_ids),
        into=_Counted,
    )
    return {row.package_id: row.count for row in rows}


class _PriceStart(msgspec.Struct, frozen=True):
    package_id: UUID
    region: str
    since: datetime


async def find_price_starts(
    tx: Transaction, keys: Sequence[tuple[UUID, str, datetime]]
) -> set[tuple[UUID, str, datetime]]:
    """Return those of these packages, regions and moments at which a price began."""
    rows = await tx.fetch(
        """
        SELECT package_id, region, since FROM base_prices
        WHERE (package_id, region, since) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]))
        """,
        [package_id for package_id, _, _ in keys],
        [region for _, region, _ in keys],
        [since for _, _, since in keys],
        into=_PriceStart,
    )
    return {(row.package_id, row.region, row.since) for row in rows}


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def find_discount_ids(tx: Transaction, package_ids: Sequence[UUID]) -> set[UUID]:
    """Return the discounts that these packages ever had."""
    rows = await tx.fetch("SELECT id FROM discounts WHERE package_id = ANY($1)", list(package_ids), into=_Id)
    return {row.id for row in rows}


async def put_releases(
    tx: Transaction, releases: Sequence[tuple[UUID, datetime | None, datetime | None]]
) -> set[UUID]:
    """Say when apps came out here, in early access and in full; return those of which something else was known."""
    rows = await tx.fetch(
        """
        INSERT INTO app_releases AS noted (app_id, early_access_at, released_at)
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
        ON CONFLICT (app_id) DO UPDATE
        SET early_access_at = excluded.early_access_at, released_at = excluded.released_at
        WHERE (noted.early_access_at, noted.released_at) IS DISTINCT FROM (excluded.early_access_at, excluded.released_at)
        RETURNING app_id AS id
        """,
        [app_id for app_id, _, _ in releases],
        [early_access_at for _, early_access_at, _ in releases],
        [released_at for _, _, released_at in releases],
        into=_Id,
    )
    return {row.id for row in rows}
