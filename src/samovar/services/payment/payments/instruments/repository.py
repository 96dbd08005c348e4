"""SQL of kept instruments."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.instruments.domain import SavedMethod


async def hold_account(tx: Transaction, account_id: UUID) -> None:
    """Let nobody else keep an instrument of an account until this transaction ends: payments end side by side."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('saved methods ' || $1, 0))", str(account_id)
    )


async def insert_method(tx: Transaction, method: SavedMethod, most: int) -> None:
    """Keep an instrument, unless it is kept or the account, which is held, has `most` of them."""
    await tx.execute(
        """
        INSERT INTO saved_methods (id, account_id, provider, method, provider_token, title, created_at)
        SELECT $1, $2, $3, $4, $5, $6, $7
        WHERE (SELECT count(*) FROM saved_methods WHERE account_id = $2) < $8
        ON CONFLICT (account_id, provider, provider_token) DO NOTHING
        """,
        method.id,
        method.account_id,
        method.provider,
        method.method,
        method.provider_token,
        method.title,
        method.created_at,
        most,
    )


async def find_method(
    reader: Database | Transaction, account_id: UUID, method_id: UUID
) -> SavedMethod | None:
    """Return an instrument of an account."""
    return await reader.fetch_one(
        "SELECT * FROM saved_methods WHERE id = $1 AND account_id = $2",
        method_id,
        account_id,
        into=SavedMethod,
    )


async def methods_of(reader: Database | Transaction, account_id: UUID, limit: int) -> list[SavedMethod]:
    """Return the instruments of an account, the newest first."""
    return await reader.fetch(
        "SELECT * FROM saved_methods WHERE account_id = $1 ORDER BY id DESC LIMIT $2",
        account_id,
        limit,
        into=SavedMethod,
    )


async def delete_method(tx: Transaction, account_id: UUID, method_id: UUID) -> bool:
    """Forget an instrument, unless a payment with it is just being made; returns whether it is gone.

    Its token is part of what a provider was asked: without it the same question could not be asked again.
    """
    return bool(
        await tx.execute(
            """
            DELETE FROM saved_methods s WHERE id = $1 AND account_id = $2 AND NOT EXISTS (
                SELECT FROM payments p
                WHERE p.account_id = $2 AND p.saved_method_id = s.id AND p.state IN ('intended', 'sent', 'unknown')
            )
            """,
            method_id,
            account_id,
        )
    )
