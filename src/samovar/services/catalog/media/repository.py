"""The SQL of pictures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.media.schemas import StoredImage


class Hash(msgspec.Struct, frozen=True):
    """A picture by its name."""

    hash: str


async def choose_painted(database: Database, source: str, now: datetime) -> StoredImage | None:
    """Return the picture that was painted from a file before, and note that it was sent again."""
    async with database.transaction() as tx:
        return await tx.fetch_one(
            """
            UPDATE images SET chosen_at = $2 WHERE source = $1 AND is_stored
            RETURNING hash AS image, width, height
            """,
            source,
            now,
            into=StoredImage,
        )


async def announce(
    tx: Transaction, image: StoredImage, *, source: str, size_bytes: int, now: datetime
) -> None:
    """Note a picture before its bytes are stored; two files that give one picture are kept as the later one."""
    await tx.execute(
        """
        INSERT INTO images (hash, source, width, height, size_bytes, chosen_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (hash) DO UPDATE SET source = excluded.source, chosen_at = excluded.chosen_at
        """,
        image.image,
        source,
        image.width,
        image.height,
        size_bytes,
        now,
    )


async def find_stored(database: Database, images: Sequence[str]) -> set[str]:
    """Return those of these pictures that are stored."""
    rows = await database.fetch(
        "SELECT hash FROM images WHERE hash = ANY($1) AND is_stored", list(images), into=Hash
    )
    return {row.hash for row in rows}


async def adopt(tx: Transaction, found: Sequence[tuple[StoredImage, int]], now: datetime) -> None:
    """Note pictures whose bytes lie in the store, with how many those are; what is being deleted is left out.

    The file that one was painted from is not known: the stored one stands for it.
    """
    await tx.execute(
        """
        INSERT INTO images (hash, source, width, height, size_bytes, chosen_at, is_stored)
        SELECT hash, hash, width, height, size_bytes, $5, true
        FROM unnest($1::text[], $2::int[], $3::int[], $4::int[]) AS found (hash, width, height, size_bytes)
        WHERE NOT EXISTS (SELECT FROM image_removals leaving WHERE leaving.hash = found.hash)
        ON CONFLICT (hash) DO UPDATE SET is_stored = true, chosen_at = excluded.chosen_at
        """,
        [image.image for image, _ in found],
        [image.width for image, _ in found],
        [image.height for image, _ in found],
        [size for _, size in found],
        now,
    )


async def is_leaving(tx: Transaction, image: str) -> bool:
    """Return whether the bytes of a picture are being deleted."""
    return bool(await tx.fetch_value("SELECT EXISTS (SELECT FROM image_removals WHERE hash = $1)", image))


async def mark_stored(tx: Transaction, image: str) -> None:
    """Note that the bytes are in the store."""
    await tx.execute("UPDATE images SET is_stored = true WHERE hash = $1", image)


async def hold(tx: Transaction, images: Sequence[str]) -> dict[str, StoredImage]:
    """Return those of these pictures that are stored; none of them can be deleted before the transaction ends."""
    rows = await tx.fetch(
        """
        SELECT hash AS image, width, height FROM images
        WHERE hash = ANY($1) AND is_stored ORDER BY hash FOR KEY SHARE
        """,
        list(images),
        into=StoredImage,
    )
    return {row.image: row for row in rows}


async def replace_uses(tx: Transaction, uses: Mapping[UUID, Sequence[str]]) -> None:
    """Let these holders show these pictures and no others."""
    pairs = [(holder, image) for holder, images in uses.items() for image in images]
    holders, images = [holder for holder, _ in pairs], [image for _, image in pairs]
    await tx.execute(
        """
        DELETE FROM image_uses u WHERE holder_id = ANY($1) AND NOT EXISTS (
            SELECT FROM unnest($2::uuid[], $3::text[]) AS kept (holder_id, image)
            WHERE kept.holder_id = u.holder_id AND kept.image = u.image
        )
        """,
        list(uses),
        holders,
        images,
    )
    await tx.execute(
        """
        INSERT INTO image_uses (holder_id, image) SELECT * FROM unnest($1::uuid[], $2::text[])
        ON CONFLICT DO NOTHING
        """,
        holders,
        images,
    )


async def add_uses(tx: Transaction, holder_id: UUID, images: Sequence[str]) -> None:
    """Let a holder show these pictures besides others."""
    await tx.execute(
        "INSERT INTO image_uses (holder_id, image) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
        holder_id,
        list(images),
    )


async def remove_unused(tx: Transaction, chosen_before: datetime, limit: int) -> int:
    """Move up to `limit` pictures that nobody shows to those whose bytes are deleted next; one that is being sent stays."""
    return await tx.execute(
        """
        WITH gone AS (
            DELETE FROM images WHERE chosen_at < $1 AND hash = ANY(ARRAY(
                SELECT hash FROM images i
                WHERE chosen_at < $1 AND NOT EXISTS (SELECT FROM image_uses u WHERE u.image = i.hash)
                ORDER BY chosen_at LIMIT $2
                FOR UPDATE SKIP LOCKED
            )) RETURNING hash
        )
        INSERT INTO image_removals (hash) SELECT hash FROM gone ON CONFLICT DO NOTHING
        """,
        chosen_before,
        limit,
    )


async def list_removals(database: Database, limit: int) -> list[str]:
    """Return up to `limit` pictures whose bytes are to be deleted."""
    rows = await database.fetch("SELECT hash FROM image_removals ORDER BY hash LIMIT $1", limit, into=Hash)
    return [row.hash for row in rows]


async def forget_removals(tx: Transaction, hashes: Sequence[str]) -> None:
    """Note that the bytes of these pictures are gone."""
    await tx.execute("DELETE FROM image_removals WHERE hash = ANY($1)", list(hashes))
