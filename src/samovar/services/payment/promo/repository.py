"""The SQL of promo codes and their redemptions."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.promo.domain import PromoCode

Reader = Database | Transaction


class PromoKey(msgspec.Struct, frozen=True):
    """Where a page of codes ends."""

    id: UUID


class Counted(msgspec.Struct, frozen=True):
    """A code and how often it was redeemed."""

    id: UUID
    times: int


class Redemption(msgspec.Struct, frozen=True):
    """A code that was used in an order."""

    promo_code_id: UUID
    account_id: UUID


async def insert_code(tx: Transaction, code: PromoCode) -> bool:
    """Keep a code; returns whether none reads like it."""
    return bool(
        await tx.execute(
            """
            INSERT INTO promo_codes (id, code, code_key, organisation_id, scope, package_ids, percent, amount, currency, minimum,
                countries, starts_at, ends_at, limit_total, limit_per_account, actor_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT (code_key) DO NOTHING
            """,
            code.id,
            code.code,
            code.code_key,
            code.organisation_id,
            code.scope,
            list(code.package_ids),
            code.percent,
            code.amount,
            code.currency,
            code.minimum,
            None if code.countries is None else list(code.countries),
            code.starts_at,
            code.ends_at,
            code.limit_total,
            code.limit_per_account,
            code.actor_id,
            code.created_at,
        )
    )


async def find_code(reader: Reader, code_id: UUID) -> PromoCode | None:
    """Return a code by its id."""
    return await reader.fetch_one("SELECT * FROM promo_codes WHERE id = $1", code_id, into=PromoCode)


async def find_by_key(reader: Reader, key: str) -> PromoCode | None:
    """Return a code by what somebody typed."""
    return await reader.fetch_one("SELECT * FROM promo_codes WHERE code_key = $1", key, into=PromoCode)


async def end_code(tx: Transaction, code_id: UUID, now: datetime) -> None:
    """End a code."""
    await tx.execute("UPDATE promo_codes SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", code_id, now)


async def count_open(tx: Transaction, organisation_id: UUID, now: datetime) -> int:
    """Return how many codes of an organisation are not over, while nobody else makes one there."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('promo_codes:' || $1, 0))", str(organisation_id)
    )
    return int(
        await tx.fetch_value(
            """
            SELECT count(*) FROM promo_codes
            WHERE organisation_id = $1 AND ended_at IS NULL AND (ends_at IS NULL OR ends_at > $2)
            """,
            organisation_id,
            now,
        )
    )


async def list_codes(
    database: Database, organisation_id: UUID | None, after: PromoKey | None, limit: int
) -> list[PromoCode]:
    """Return the codes of an organisation, or all, the latest first."""
    return await database.fetch(
        """
        SELECT * FROM promo_codes
        WHERE ($1::uuid IS NULL OR organisation_id = $1) AND ($2::uuid IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3
        """,
        organisation_id,
        after.id if after else None,
        limit,
        into=PromoCode,
    )


async def count_redemptions(reader: Reader, code_ids: list[UUID]) -> dict[UUID, int]:
    """Return how often each of these codes was redeemed; one that never was is left out."""
    rows = await reader.fetch(
        """
        SELECT promo_code_id AS id, count(*) AS times FROM promo_redemptions
        WHERE promo_code_id = ANY($1) AND returned_at IS NULL GROUP BY promo_code_id
        """,
        code_ids,
        into=Counted,
    )
    return {row.id: row.times for row in rows}


async def count_uses(reader: Reader, code_id: UUID, account_id: UUID) -> int:
    """Return how often an account has used a code."""
    return (
        await reader.fetch_value(
            "SELECT uses FROM promo_uses WHERE promo_code_id = $1 AND account_id = $2", code_id, account_id
        )
        or 0
    )


async def take_one(tx: Transaction, code_id: UUID) -> bool:
    """Count a redemption of a code that has a limit; returns whether there was one left."""
    return bool(
        await tx.execute(
            "UPDATE promo_codes SET redeemed = redeemed + 1 WHERE id = $1 AND redeemed < limit_total", code_id
        )
    )


async def use_one(tx: Transaction, code_id: UUID, account_id: UUID, limit: int) -> bool:
    """Count that an account uses a code; returns whether it still may."""
    return bool(
        await tx.execute(
            """
            INSERT INTO promo_uses (promo_code_id, account_id, uses) VALUES ($1, $2, 1)
            ON CONFLICT (promo_code_id, account_id) DO UPDATE SET uses = promo_uses.uses + 1 WHERE promo_uses.uses < $3
            """,
            code_id,
            account_id,
            limit,
        )
    )


async def insert_redemption(
    tx: Transaction,
    *,
    quote_id: UUID,
    code_id: UUID,
    account_id: UUID,
    amount: int,
    currency: str,
    now: datetime,
) -> None:
    """Keep that a code was used in the order of a quote."""
    await tx.execute(
        """
        INSERT INTO promo_redemptions (quote_id, promo_code_id, account_id, amount, currency, redeemed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        quote_id,
        code_id,
        account_id,
        amount,
        currency,
        now,
    )


async def return_redemption(tx: Transaction, quote_id: UUID, now: datetime) -> Redemption | None:
    """Give the code of a quote back; none: there is none, or it was given back before."""
    return await tx.fetch_one(
        """
        UPDATE promo_redemptions SET returned_at = $2 WHERE quote_id = $1 AND returned_at IS NULL
        RETURNING promo_code_id, account_id
        """,
        quote_id,
        now,
        into=Redemption,
    )


async def uncount(tx: Transaction, code_id: UUID, account_id: UUID) -> None:
    """Count one redemption less, in all and of the account."""
    await tx.execute(
        "UPDATE promo_codes SET redeemed = redeemed - 1 WHERE id = $1 AND limit_total IS NOT NULL", code_id
    )
    await tx.execute(
        "UPDATE promo_uses SET uses = uses - 1 WHERE promo_code_id = $1 AND account_id = $2 AND uses > 0",
        code_id,
        account_id,
    )


async def was_quoted(reader: Reader, account_id: UUID, code_id: UUID) -> bool:
    """Return whether an account has had a code in a quote."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT FROM quotes WHERE account_id = $1 AND promo_code_id = $2)",
            account_id,
            code_id,
        )
    )


class Miscounted(msgspec.Struct, frozen=True):
    """A code of which more or fewer redemptions are counted than there are."""

    code_id: UUID
    account_id: UUID | None
    counted: int
    redeemed: int


async def miscounted(database: Database, limit: int) -> list[Miscounted]:
    """Return codes, in all and by account, whose count is not that of the redemptions that were not given back."""
    return await database.fetch(
        """
        WITH used AS (
            SELECT promo_code_id, account_id, count(*) AS redeemed FROM promo_redemptions
            WHERE returned_at IS NULL GROUP BY promo_code_id, account_id
        )
        SELECT c.id AS code_id, NULL::uuid AS account_id, c.redeemed AS counted, coalesce(sum(used.redeemed), 0)::bigint AS redeemed
        FROM promo_codes c LEFT JOIN used ON used.promo_code_id = c.id
        WHERE c.limit_total IS NOT NULL
        GROUP BY c.id HAVING c.redeemed < coalesce(sum(used.redeemed), 0)
        UNION ALL
        SELECT coalesce(u.promo_code_id, used.promo_code_id), coalesce(u.account_id, used.account_id), coalesce(u.uses, 0),
            coalesce(used.redeemed, 0)
        FROM promo_uses u FULL JOIN used USING (promo_code_id, account_id)
        WHERE coalesce(u.uses, 0) <> coalesce(used.redeemed, 0)
        LIMIT $1
        """,
        limit,
        into=Miscounted,
    )
