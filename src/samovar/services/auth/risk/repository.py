"""The SQL of risk: what the other rooms have left behind."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """What an account has left behind."""

    failures: int
    last_used_at: datetime | None
    addresses: tuple[str, ...]


async def find_traces(
    tx: Transaction, account_id: UUID, *, failed_since: UUID, failures_max: int, places_max: int
) -> Traces:
    """Return how often an account was tried in vain since an id that begins with the time, and from where it is used."""
    found = await tx.fetch_one(
        """
        WITH places AS (
            (SELECT last_address AS address, last_seen_at AS used_at FROM devices
             WHERE account_id = $1 ORDER BY last_seen_at DESC LIMIT $4)
            UNION ALL
            (SELECT address, rotated_at FROM sessions
             WHERE account_id = $1 AND ended_at IS NULL AND kind = 'sign_in' ORDER BY rotated_at DESC LIMIT $4)
        ), failed AS (
            SELECT 1 FROM audit
            WHERE account_id = $1 AND id >= $2 AND outcome = 'refused' AND action LIKE 'sign\\_in.%' LIMIT $3
        )
        SELECT (SELECT count(*) FROM failed) AS failures, max(used_at) AS last_used_at,
               coalesce(array_agg(DISTINCT address) FILTER (WHERE address IS NOT NULL), '{}') AS addresses
        FROM places
        """,
        account_id,
        failed_since,
        failures_max,
        places_max,
        into=Traces,
    )
    return found or Traces(failures=0, last_used_at=None, addresses=())
