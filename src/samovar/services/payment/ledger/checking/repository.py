"""SQL that looks for what must not be. Each statement sees one snapshot, so it may run beside whoever moves money.

What would read the whole ledger goes by slices of ids, from `low` to `high`, both included.
"""

from uuid import UUID

import msgspec

from samovar.kit.database import Database


class Slack(msgspec.Struct, frozen=True):
    """The sums of a currency that should be equal and are not."""

    currency: str | None
    debits_posted: int
    credits_posted: int
    debits_pending: int
    credits_pending: int


class Wrong(msgspec.Struct, frozen=True):
    """A transfer and what is wrong with it."""

    id: UUID
    detail: str


class Difference(msgspec.Struct, frozen=True):
    """An account whose stored figures are not the fold of its transfers; each is posted and pending debits and credits."""

    account_id: UUID
    name: str
    stored: list[int]
    folded: list[int]


async def transfers_about(reader: Database) -> int:
    """Return about how many transfers there are, as PostgreSQL last counted them."""
    return int(
        await reader.fetch_value("SELECT reltuples FROM pg_class WHERE oid = 'ledger_transfers'::regclass")
    )


async def lost_guards(reader: Database) -> list[str]:
    """Return the names of what the database must refuse by itself and no longer does."""
    return list(
        await reader.fetch_value(
            """
            SELECT array_agg(name ORDER BY name) FROM (
                SELECT 'no_overdraft' AS name WHERE NOT EXISTS (
                    SELECT FROM pg_constraint WHERE conname = 'no_overdraft' AND conrelid = 'ledger_balances'::regclass
                        AND convalidated)
                UNION ALL SELECT 'ledger_transfers_by_pending' WHERE NOT EXISTS (
                    SELECT FROM pg_index WHERE indexrelid = to_regclass('ledger_transfers_by_pending')
                        AND indisunique AND indisvalid)
                UNION ALL SELECT 'ledger_transfers_are_append_only' WHERE NOT EXISTS (
                    SELECT FROM pg_trigger WHERE tgname = 'ledger_transfers_are_append_only'
                        AND tgrelid = 'ledger_transfers'::regclass AND tgenabled IN ('O', 'A'))
            ) AS lost
            """
        )
        or []
    )


async def unequal_sums(reader: Database) -> list[Slack]:
    """Add up all accounts of each currency: guarded ones as they are stored, others from their sums and what came since."""
    return await reader.fetch(
        """
        WITH tail AS (
            SELECT e.* FROM ledger_effects e
            WHERE (e.written_in, e.seq) >
                ((SELECT written_in FROM ledger_position), (SELECT seq FROM ledger_position))
        ),
        unguarded AS (
            SELECT account_id, debits_posted, credits_posted, debits_pending, credits_pending FROM ledger_sums
            UNION ALL SELECT debit_account_id, posted, 0, pending, 0 FROM tail
            UNION ALL SELECT credit_account_id, 0, posted, 0, pending FROM tail
        ),
        parts AS (
            SELECT * FROM ledger_balances
            UNION ALL
            SELECT u.* FROM unguarded u
            WHERE NOT EXISTS (SELECT FROM ledger_balances b WHERE b.account_id = u.account_id)
        )
        SELECT a.currency,
            sum(debits_posted)::bigint AS debits_posted, sum(credits_posted)::bigint AS credits_posted,
            sum(debits_pending)::bigint AS debits_pending, sum(credits_pending)::bigint AS credits_pending
        FROM parts LEFT JOIN ledger_accounts a ON a.id = parts.account_id
        GROUP BY a.currency
        HAVING a.currency IS NULL OR sum(debits_posted) <> sum(credits_posted)
            OR sum(debits_pending) <> sum(credits_pending)
        """,
        into=Slack,
    )


async def overdrawn(reader: Database, limit: int) -> list[str]:
    """Return the guarded accounts with less than nothing."""
    return list(
        await reader.fetch_value(
            """
            SELECT array_agg(concat_ws(':', a.kind, a.owner, a.currency)) FROM (
                SELECT account_id FROM ledger_balances WHERE debits_posted + debits_pending > credits_posted LIMIT $1
            ) AS found JOIN ledger_accounts a ON a.id = found.account_id
            """,
            limit,
        )
        or []
    )


async def misfits(reader: Database, low: UUID, high: UUID, limit: int) -> list[Wrong]:
    """Return transfers of another currency than their accounts, or whose accounts are not there."""
    return await reader.fetch(
        """
        SELECT t.id, format('%s, and its accounts are of %s and %s', t.currency,
            coalesce(d.currency, 'no account'), coalesce(c.currency, 'no account')) AS detail
        FROM ledger_transfers t
        LEFT JOIN ledger_accounts d ON d.id = t.debit_account_id
        LEFT JOIN ledger_accounts c ON c.id = t.credit_account_id
        WHERE t.id BETWEEN $1 AND $2
            AND (d.currency IS DISTINCT FROM t.currency OR c.currency IS DISTINCT FROM t.currency)
        LIMIT $3
        """,
        low,
        high,
        limit,
        into=Wrong,
    )


async def drawn_ids(reader: Database, low: UUID, high: UUID, limit: int) -> list[Wrong]:
    """Return transfers whose id was not derived of a cause and a leg (UUID version 5)."""
    return await reader.fetch(
        """
        SELECT id, format('code %s, cause %s', code, cause_id) AS detail FROM ledger_transfers
        WHERE id BETWEEN $1 AND $2 AND uuid_extract_version(id) IS DISTINCT FROM 5
        LIMIT $3
        """,
        low,
        high,
        limit,
        into=Wrong,
    )


async def wrong_resolutions(reader: Database, low: UUID, high: UUID, limit: int) -> list[Wrong]:
    """Return resolutions that do not fit what they resolve."""
    return await reader.fetch(
        """
        SELECT r.id, format('a %s of %s resolves a %s of %s, %s', r.kind, r.amount, p.kind, p.amount, p.id) AS detail
        FROM ledger_transfers r JOIN ledger_transfers p ON p.id = r.pending_id
        WHERE r.id BETWEEN $1 AND $2 AND (
            p.kind <> 'pending' OR r.amount > p.amount OR (r.kind <> 'post' AND r.amount <> p.amount)
            OR r.currency <> p.currency
            OR (r.debit_account_id, r.credit_account_id) <> (p.debit_account_id, p.credit_account_id))
        LIMIT $3
        """,
        low,
        high,
        limit,
        into=Wrong,
    )


async def overdue(reader: Database, grace_s: int, limit: int) -> list[Wrong]:
    """Return pending transfers whose time was over long before the newest transfer was made."""
    return await reader.fetch(
        """
        SELECT p.id, format('set aside until %s and not resolved', p.expires_at) AS detail
        FROM ledger_transfers p
        WHERE p.expires_at < (SELECT created_at FROM ledger_transfers ORDER BY written_in DESC, seq DESC LIMIT 1)
                - make_interval(secs => $1)
            AND NOT EXISTS (SELECT FROM ledger_transfers r WHERE r.pending_id = p.id)
        LIMIT $2
        """,
        grace_s,
        limit,
        into=Wrong,
    )


async def wrong_balances(
    reader: Database, low: UUID, high: UUID, kinds: list[str], limit: int
) -> list[Difference]:
    """Rebuild the accounts of a slice from all their transfers; returns those whose stored balance is another.

    `kinds` are those that are guarded.
    """
    return await reader.fetch(
        """
        WITH moved AS (
            SELECT debit_account_id AS account_id, posted AS dp, 0::bigint AS cp, pending AS dw, 0::bigint AS cw
            FROM ledger_effects WHERE debit_account_id BETWEEN $1 AND $2
            UNION ALL
            SELECT credit_account_id, 0, posted, 0, pending FROM ledger_effects WHERE credit_account_id BETWEEN $1 AND $2
        ),
        folded AS (
            SELECT account_id, ARRAY[sum(dp), sum(cp), sum(dw), sum(cw)]::bigint[] AS figures FROM moved GROUP BY account_id
        ),
        stored AS (
            SELECT account_id, ARRAY[debits_posted, credits_posted, debits_pending, credits_pending] AS figures
            FROM ledger_balances WHERE account_id BETWEEN $1 AND $2
        )
        SELECT a.id AS account_id, concat_ws(':', a.kind, a.owner, a.currency) AS name,
            coalesce(s.figures, '{0,0,0,0}') AS stored, coalesce(f.figures, '{0,0,0,0}') AS folded
        FROM ledger_accounts a
        LEFT JOIN stored s ON s.account_id = a.id
        LEFT JOIN folded f ON f.account_id = a.id
        WHERE a.id BETWEEN $1 AND $2 AND (s.account_id IS NOT NULL OR a.kind = ANY($3))
            AND coalesce(s.figures, '{0,0,0,0}') <> coalesce(f.figures, '{0,0,0,0}')
        LIMIT $4
        """,
        low,
        high,
        kinds,
        limit,
        into=Difference,
    )


async def wrong_sums(reader: Database, low: UUID, high: UUID, limit: int) -> list[Difference]:
    """Rebuild the accounts of a slice up to the end of the chain; returns those whose kept sum is another."""
    return await reader.fetch(
        """
        WITH past AS (
            SELECT e.* FROM ledger_effects e
            WHERE (e.written_in, e.seq) <=
                ((SELECT written_in FROM ledger_position), (SELECT seq FROM ledger_position))
        ),
        moved AS (
            SELECT debit_account_id AS account_id, posted AS dp, 0::bigint AS cp, pending AS dw, 0::bigint AS cw
            FROM past WHERE debit_account_id BETWEEN $1 AND $2
            UNION ALL
            SELECT credit_account_id, 0, posted, 0, pending FROM past WHERE credit_account_id BETWEEN $1 AND $2
        ),
        folded AS (
            SELECT account_id, ARRAY[sum(dp), sum(cp), sum(dw), sum(cw)]::bigint[] AS figures FROM moved GROUP BY account_id
        ),
        stored AS (
            SELECT account_id, ARRAY[debits_posted, credits_posted, debits_pending, credits_pending] AS figures
            FROM ledger_sums WHERE account_id BETWEEN $1 AND $2
        )
        SELECT coalesce(f.account_id, s.account_id) AS account_id,
            coalesce(concat_ws(':', a.kind, a.owner, a.currency), '') AS name,
            coalesce(s.figures, '{0,0,0,0}') AS stored, coalesce(f.figures, '{0,0,0,0}') AS folded
        FROM folded f
        FULL JOIN stored s ON s.account_id = f.account_id
        LEFT JOIN ledger_accounts a ON a.id = coalesce(f.account_id, s.account_id)
        WHERE coalesce(s.figures, '{0,0,0,0}') <> coalesce(f.figures, '{0,0,0,0}')
        LIMIT $3
        """,
        low,
        high,
        limit,
        into=Difference,
    )
