"""The SQL of exchange: how far imports have come, what lines name, and everything in the order of an export."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import AppState, Availability
from samovar.services.catalog.editing.schemas import Changes
from samovar.services.catalog.exchange.domain import Counts, Position
from samovar.services.catalog.exchange.faults import FAULTS_KEPT_MAX, Fault
from samovar.services.catalog.exchange.schemas import OfferState
from samovar.services.catalog.schemas import AppDocument, Names


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


async def list_terms(tx: Transaction, after: tuple[str, str], limit: int) -> list[TermKnown]:
    """Return terms in the order of kind and slug."""
    return await tx.fetch(
        """
        SELECT kind, slug, names FROM terms WHERE (kind COLLATE "C", slug COLLATE "C") > ($1, $2)
        ORDER BY kind COLLATE "C", slug COLLATE "C" LIMIT $3
        """,
        *after,
        limit,
        into=TermKnown,
    )


async def list_creators(tx: Transaction, after: str, limit: int) -> list[CreatorKnown]:
    """Return creators in the order of their slugs."""
    return await tx.fetch(
        """
        SELECT slug, name, website, organisation_id FROM creators WHERE slug COLLATE "C" > $1
        ORDER BY slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=CreatorKnown,
    )


class AppRow(msgspec.Struct, frozen=True, kw_only=True):
    """An app as it is given out."""

    slug: str
    origin: str
    origin_key: str | None
    state: AppState
    organisation_id: UUID | None
    popularity: float
    document: AppDocument


async def list_apps(tx: Transaction, after: str, limit: int) -> list[AppRow]:
    """Return apps in the order of their slugs."""
    # A real as the shortest text that means the same: 0.1, not 0.10000000149.
    return await tx.fetch(
        """
        SELECT slug, origin, origin_key, state, organisation_id, popularity::text::float8 AS popularity, document
        FROM apps WHERE slug COLLATE "C" > $1 ORDER BY slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=AppRow,
    )


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a changelog as it is given out."""

    app: str
    published_at: datetime
    release: str
    texts: Changes


async def list_changes(
    tx: Transaction, after: tuple[str, datetime | None, str], limit: int
) -> list[ChangeRow]:
    """Return entries of changelogs in the order of app, moment and release."""
    return await tx.fetch(
        """
        SELECT a.slug AS app, c.published_at, c.release, c.texts
        FROM changelog_entries c JOIN apps a ON a.id = c.app_id
        WHERE (a.slug COLLATE "C", c.published_at, c.release COLLATE "C") > ($1, coalesce($2::timestamptz, '-infinity'), $3)
        ORDER BY a.slug COLLATE "C", c.published_at, c.release COLLATE "C" LIMIT $4
        """,
        *after,
        limit,
        into=ChangeRow,
    )


class PackageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A package as it is given out."""

    slug: str
    app: str
    names: Names
    place: int
    state: OfferState
    is_preorder: bool
    contents: list[str]
    sold: Availability
    activatable: Availability


async def list_packages(tx: Transaction, after: str, limit: int) -> list[PackageRow]:
    """Return packages in the order of their slugs."""
    return await tx.fetch(
        """
        SELECT p.slug, a.slug AS app, p.names, p.place, p.state, p.is_preorder, p.sold, p.activatable, (
            SELECT coalesce(jsonb_agg(c.slug ORDER BY pa.place, pa.app_id), '[]')
            FROM package_apps pa JOIN apps c ON c.id = pa.app_id WHERE pa.package_id = p.id
        ) AS contents
        FROM packages p JOIN apps a ON a.id = p.app_id
        WHERE p.slug COLLATE "C" > $1 ORDER BY p.slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=PackageRow,
    )
