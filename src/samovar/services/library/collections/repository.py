"""The SQL of collections."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.collections.schemas import Collection


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def lock_owner(tx: Transaction, account_id: UUID) -> None:
    """Let the collections of one player be changed one after the other: together they keep to limits and an order."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('collections ' || $1, 0))", str(account_id)
    )


async def list_all(reader: Database | Transaction, account_id: UUID) -> list[Collection]:
    """Return the collections of a player in their order: there is a limit to them."""
    return await reader.fetch(
        """
        SELECT c.id AS collection_id, c.name, c.place, count(a.app_id) AS games, c.created_at
        FROM collections c
        LEFT JOIN collection_apps a ON a.collection_id = c.id
        WHERE c.account_id = $1
        GROUP BY c.id
        ORDER BY c.place, c.id
        """,
        account_id,
        into=Collection,
    )


async def is_taken(tx: Transaction, account_id: UUID, name_words: str, but: UUID | None) -> bool:
    """Return whether another collection of the player reads so."""
    return bool(
        await tx.fetch_value(
            """
            SELECT EXISTS (
                SELECT FROM collections WHERE account_id = $1 AND name_words = $2 AND id IS DISTINCT FROM $3
            )
            """,
            account_id,
            name_words,
            but,
        )
    )


async def insert(tx: Transaction, account_id: UUID, collection: Collection, name_words: str) -> None:
    """Keep a new collection."""
    await tx.execute(
        """
        INSERT INTO collections (id, account_id, name, name_words, place, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        collection.collection_id,
        account_id,
        collection.name,
        name_words,
        collection.place,
        collection.created_at,
    )


async def rename(tx: Transaction, collection_id: UUID, name: str, name_words: str) -> None:
    """Give a collection another name."""
    await tx.execute(
        "UPDATE collections SET name = $2, name_words = $3 WHERE id = $1", collection_id, name, name_words
    )


async def place(tx: Transaction, order: Sequence[UUID]) -> None:
    """Let collections stand in this order."""
    await tx.execute(
        """
        UPDATE collections c SET place = o.place - 1
        FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, place)
        WHERE c.id = o.id AND c.place <> o.place - 1
        """,
        list(order),
    )


async def delete(tx: Transaction, collection_id: UUID) -> None:
    """Forget a collection; its games stay where else they are."""
    await tx.execute("DELETE FROM collections WHERE id = $1", collection_id)


async def add(tx: Transaction, account_id: UUID, collection_id: UUID, app_ids: Sequence[UUID]) -> None:
    """Put games into a collection."""
    await tx.execute(
        """
        INSERT INTO collection_apps (account_id, app_id, collection_id) SELECT $1, app_id, $2 FROM unnest($3::uuid[]) AS app_id
        ON CONFLICT DO NOTHING
        """,
        account_id,
        collection_id,
        list(app_ids),
    )


async def remove(tx: Transaction, account_id: UUID, collection_id: UUID, app_ids: Sequence[UUID]) -> None:
    """Take games out of a collection."""
    await tx.execute(
        "DELETE FROM collection_apps WHERE account_id = $1 AND collection_id = $2 AND app_id = ANY($3::uuid[])",
        account_id,
        collection_id,
        list(app_ids),
    )


async def put_game(tx: Transaction, account_id: UUID, app_id: UUID, collection_ids: Sequence[UUID]) -> None:
    """Let a game be in these collections, and in no others."""
    await tx.execute(
        """
        DELETE FROM collection_apps WHERE account_id = $1 AND app_id = $2 AND collection_id <> ALL($3::uuid[])
        """,
        account_id,
        app_id,
        list(collection_ids),
    )
    await tx.execute(
        """
        INSERT INTO collection_apps (account_id, app_id, collection_id) SELECT $1, $2, id FROM unnest($3::uuid[]) AS id
        ON CONFLICT DO NOTHING
        """,
        account_id,
        app_id,
        list(collection_ids),
    )


async def count_memberships(tx: Transaction, account_id: UUID) -> int:
    """Return how many games all collections of a player hold together."""
    return int(await tx.fetch_value("SELECT count(*) FROM collection_apps WHERE account_id = $1", account_id))


async def ever_had(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these apps the player has, had, or may borrow."""
    rows = await tx.fetch(
        """
        SELECT app_id AS id FROM library_entries WHERE account_id = $1 AND app_id = ANY($2::uuid[])
        UNION
        SELECT la.app_id
        FROM family_members mine
        JOIN family_members m ON m.family_id = mine.family_id AND m.is_member AND m.account_id <> $1
        JOIN licence_apps la ON la.account_id = m.account_id AND la.app_id = ANY($2::uuid[])
            AND la.kind IN ('purchase', 'gift', 'key', 'grant')
        WHERE mine.account_id = $1 AND mine.is_member
        """,
        account_id,
        list(app_ids),
        into=_Id,
    )
    return {row.id for row in rows}
