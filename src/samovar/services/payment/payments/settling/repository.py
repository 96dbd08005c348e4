"""SQL that holds payments against the ledger; it reads only."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Differing(msgspec.Struct, frozen=True, kw_only=True):
    """A payment whose sums do not agree: what it says, and what there is."""

    id: UUID
    said: int
    found: int


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What payments say that a provider holds for us, in one currency."""

    provider: str
    currency: str
    amount: int


async def refunds_differ(reader: Database, limit: int) -> list[Differing]:
    """Return payments whose refunds are not the sum of what goes and went back of them."""
    return await reader.fetch(
        """
        SELECT p.id, p.refunded + p.refund_pending AS said,
            (coalesce(r.done, 0) + coalesce(r.open, 0))::bigint AS found
        FROM payments p
        LEFT JOIN (
            SELECT payment_id,
                sum(amount) FILTER (WHERE state = 'done') AS done,
                sum(amount) FILTER (WHERE state NOT IN ('done', 'refused')) AS open
            FROM payment_refunds GROUP BY payment_id
        ) r ON r.payment_id = p.id
        WHERE p.refunded <> coalesce(r.done, 0) OR p.refund_pending <> coalesce(r.open, 0)
            OR p.refunded + p.refund_pending > p.captured
        LIMIT $1
        """,
        limit,
        into=Differing,
    )


async def captures_differ(reader: Database, limit: int) -> list[Differing]:
    """Return captured payments that did not move exactly their amount out of clearing, once."""
    return await reader.fetch(
        """
        SELECT p.id, p.captured AS said, coalesce(sum(t.amount), 0)::bigint AS found
        FROM payments p
        JOIN ledger_accounts a ON a.kind = 'clearing' AND a.owner = p.provider AND a.currency = p.currency
        LEFT JOIN ledger_transfers t
            ON t.debit_account_id = a.id AND t.kind = 'posted'
            AND t.cause_id = CASE WHEN p.failure_code IN ('late', 'mismatch') THEN p.id ELSE p.purpose_id END
        WHERE p.state = 'captured'
        GROUP BY p.id, p.captured
        HAVING coalesce(sum(t.amount), 0) <> p.captured OR count(t.id) <> 1
        LIMIT $1
        """,
        limit,
        into=Differing,
    )


async def held_by_providers(reader: Transaction) -> list[Held]:
    """Return what was captured less what went back, what was kept, and what banks took and have not given back, by provider."""
    return await reader.fetch(
        """
        SELECT provider, currency, sum(amount)::bigint AS amount FROM (
            SELECT provider, currency, captured - refunded - coalesce(fee, 0) AS amount
            FROM payments WHERE state = 'captured'
            UNION ALL SELECT provider, currency, -amount FROM chargebacks WHERE status <> 'won'
        ) AS movements GROUP BY provider, currency
        """,
        into=Held,
    )
