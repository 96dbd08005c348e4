"""SQL that looks for what must never be. Each is one statement, so that it sees one moment."""

import msgspec

from samovar.kit.database import Database


class Differing(msgspec.Struct, frozen=True):
    """Two figures that should be one.

    Attributes:
        subject: In what, as somebody can look it up.
    """

    subject: str
    what: str
    is_so: int
    should_be: int


async def lines(database: Database, limit: int) -> list[Differing]:
    """Return lines whose counters are not the sum of their refunds."""
    return await database.fetch(
        """
        SELECT 'line ' || l.id AS subject, 'refunded and on its way' AS what,
            l.refunded + l.refund_pending AS is_so, coalesce(s.amount, 0)::bigint AS should_be
        FROM order_lines l LEFT JOIN (
            SELECT line_id, sum(f.amount) AS amount,
                sum(f.amount) FILTER (WHERE r.status = 'settled') AS settled
            FROM refund_lines f JOIN refunds r ON r.id = f.refund_id WHERE f.is_live GROUP BY line_id) s ON s.line_id = l.id
        WHERE (l.refunded > 0 OR l.refund_pending > 0 OR s.amount > 0)
            AND (l.refunded + l.refund_pending <> coalesce(s.amount, 0) OR l.refunded <> coalesce(s.settled, 0)
                OR l.refunded + l.refund_pending > l.final)
        LIMIT $1
        """,
        limit,
        into=Differing,
    )


async def funds(database: Database, limit: int) -> list[Differing]:
    """Return sources of which another amount is taken than their refunds and open chargebacks take, or more than came."""
    return await database.fetch(
        """
        SELECT 'source ' || f.id AS subject, 'taken' AS what, f.taken AS is_so,
            (coalesce(p.amount, 0) + coalesce(c.amount, 0))::bigint AS should_be
        FROM refund_funds f
        LEFT JOIN (SELECT fund_id, sum(amount) AS amount FROM refund_parts WHERE status <> 'dropped' GROUP BY fund_id) p
            ON p.fund_id = f.id
        LEFT JOIN (SELECT payment_id, sum(covered - from_wallet) AS amount FROM chargebacks WHERE status = 'opened' GROUP BY payment_id) c
            ON c.payment_id = f.payment_id
        WHERE f.taken <> coalesce(p.amount, 0) + coalesce(c.amount, 0) OR f.taken > f.paid
        LIMIT $1
        """,
        limit,
        into=Differing,
    )


async def sums(database: Database, limit: int) -> list[Differing]:
    """Return refunds that are not the sum of their lines, or of their parts."""
    return await database.fetch(
        """
        SELECT 'refund ' || r.id AS subject, 'the sum of its lines or parts' AS what, r.amount AS is_so,
            CASE WHEN l.amount <> r.amount THEN l.amount ELSE coalesce(p.amount, 0) END::bigint AS should_be
        FROM refunds r
        JOIN (SELECT refund_id, sum(amount) AS amount FROM refund_lines GROUP BY refund_id) l ON l.refund_id = r.id
        LEFT JOIN (SELECT refund_id, sum(amount) AS amount FROM refund_parts GROUP BY refund_id) p ON p.refund_id = r.id
        WHERE l.amount <> r.amount OR coalesce(p.amount, 0) <> r.amount
        LIMIT $1
        """,
        limit,
        into=Differing,
    )


async def dues(database: Database, limit: int) -> list[Differing]:
    """Return refunds of which another amount is due in the ledger than is still on its way."""
    return await database.fetch(
        """
        SELECT 'refund ' || r.id AS subject, 'due in the ledger' AS what, coalesce(d.net, 0)::bigint AS is_so,
            (CASE WHEN r.status = 'paying' THEN coalesce(p.amount, 0) ELSE 0 END)::bigint AS should_be
        FROM refunds r
        LEFT JOIN LATERAL (
            SELECT sum(CASE WHEN c.kind = 'refunds_due' THEN t.amount ELSE -t.amount END) AS net
            FROM ledger_transfers t
            JOIN ledger_accounts c ON c.id = t.credit_account_id JOIN ledger_accounts d ON d.id = t.debit_account_id
            WHERE t.cause_id = r.id AND 'refunds_due' IN (c.kind, d.kind)) d ON true
        LEFT JOIN (SELECT refund_id, sum(amount) AS amount FROM refund_parts WHERE status IN ('sent', 'held') GROUP BY refund_id) p
            ON p.refund_id = r.id
        WHERE coalesce(d.net, 0) <> CASE WHEN r.status = 'paying' THEN coalesce(p.amount, 0) ELSE 0 END
        LIMIT $1
        """,
        limit,
        into=Differing,
    )


async def compensations(database: Database, limit: int) -> list[Differing]:
    """Return compensations that gave another amount than they should have: nothing before they are given, then exactly that."""
    return await database.fetch(
        """
        SELECT 'compensation ' || c.id AS subject, 'given in the ledger' AS what, coalesce(t.amount, 0)::bigint AS is_so,
            (CASE WHEN c.status = 'given' THEN c.amount ELSE 0 END)::bigint AS should_be
        FROM compensations c
        LEFT JOIN (SELECT cause_id, sum(amount) AS amount FROM ledger_transfers WHERE code = 'compensation' GROUP BY cause_id) t
            ON t.cause_id = c.id
        WHERE coalesce(t.amount, 0) <> CASE WHEN c.status = 'given' THEN c.amount ELSE 0 END
        LIMIT $1
        """,
        limit,
        into=Differing,
    )
