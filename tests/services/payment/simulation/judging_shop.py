"""What must hold at rest of promo codes, of games that were sold before they were out, and of what the staff gave."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tests.services.payment.simulation.scheduler import SKEW_S
from tests.services.payment.simulation.story import Story
from tests.services.payment.simulation.world import COMPENSATION_LIMITS

_REDEEMED = """
    SELECT o.id, o.paid_at IS NOT NULL AS is_paid, r.quote_id IS NOT NULL AND r.returned_at IS NULL AS is_redeemed,
        coalesce(r.amount, 0) AS taken_off,
        (SELECT sum(l.price - l.final) FROM order_lines l WHERE l.order_id = o.id)::bigint AS lines_less
    FROM orders o LEFT JOIN promo_redemptions r ON r.quote_id = o.quote_id
    WHERE o.account_id = ANY($1) AND (r.quote_id IS NOT NULL OR EXISTS (
        SELECT FROM order_lines l WHERE l.order_id = o.id AND l.final < l.price))
    ORDER BY o.id
"""
_TOO_OFTEN = """
    SELECT 'code ' || c.code || ' was redeemed ' || r.times || ' times' AS text FROM (
        SELECT promo_code_id AS id, count(*) AS times FROM promo_redemptions
        WHERE account_id = ANY($1) AND returned_at IS NULL GROUP BY promo_code_id) AS r JOIN promo_codes c USING (id)
    WHERE r.times > c.limit_total
    UNION ALL
    SELECT 'code ' || c.code || ' was redeemed ' || r.times || ' times by ' || r.account_id FROM (
        SELECT promo_code_id AS id, account_id, count(*) AS times FROM promo_redemptions
        WHERE account_id = ANY($1) AND returned_at IS NULL GROUP BY promo_code_id, account_id) AS r JOIN promo_codes c USING (id)
    WHERE r.times > c.limit_per_account
    UNION ALL
    SELECT 'code ' || c.code || ' is redeemed and nothing was ordered' FROM promo_redemptions r JOIN promo_codes c ON c.id = r.promo_code_id
    WHERE r.account_id = ANY($1) AND NOT EXISTS (SELECT FROM orders o WHERE o.quote_id = r.quote_id)
"""
_PREORDERS = """
    SELECT l.id, l.app_ids, l.delivered_at, l.refunded_at IS NOT NULL AS is_refunded
    FROM order_lines l JOIN orders o ON o.id = l.order_id
    WHERE o.account_id = ANY($1) AND o.paid_at IS NOT NULL AND l.is_preorder ORDER BY l.id
"""
_BY_ONE = """
    SELECT 'compensation ' || id || ' of ' || amount || ' was given by ' || proposer_id || ' alone' AS text FROM compensations
    WHERE account_id = ANY($1) AND status = 'given' AND amount > $2 AND coalesce(decider_id, proposer_id) = proposer_id
    UNION ALL
    SELECT proposer_id || ' gave ' || sum(amount) || ' alone on ' || decided_at::date FROM compensations
    WHERE account_id = ANY($1) AND status = 'given' AND decider_id IS NULL
    GROUP BY proposer_id, decided_at::date HAVING sum(amount) > $3
"""


class _Text(msgspec.Struct, frozen=True):
    text: str


class _Redeemed(msgspec.Struct, frozen=True):
    id: UUID
    is_paid: bool
    is_redeemed: bool
    taken_off: int
    lines_less: int


class _Preorder(msgspec.Struct, frozen=True):
    id: UUID
    app_ids: tuple[UUID, ...]
    delivered_at: datetime | None
    is_refunded: bool


async def faults_of_shop(story: Story) -> list[str]:
    """Return everything that is wrong, a line each."""
    return [*await _codes(story), *await _preorders(story), *await _given_by_one(story)]


async def _codes(story: Story) -> list[str]:
    """A code is redeemed by an order that is paid, and by no other, takes off what it says, and never too often."""
    database = story.world.database
    wrong = [row.text for row in await database.fetch(_TOO_OFTEN, story.players, into=_Text)]
    for row in await database.fetch(_REDEEMED, story.players, into=_Redeemed):
        if row.is_redeemed != row.is_paid:
            wrong.append(f"order {row.id}: paid: {row.is_paid}, its code is redeemed: {row.is_redeemed}")
        if row.taken_off != row.lines_less:
            wrong.append(
                f"order {row.id}: the code took {row.taken_off} off, its lines cost {row.lines_less} less"
            )
    return [f"promo  {line}" for line in wrong]


async def _preorders(story: Story) -> list[str]:
    """What was sold before it was out is delivered once all of it was out, not earlier, or was given back."""
    out_since, wrong = story.releasing.out_since, []
    for row in await story.world.database.fetch(_PREORDERS, story.players, into=_Preorder):
        moments = [out_since[app] for app in row.app_ids if app in out_since]
        is_out = len([app for app in row.app_ids if app in story.buying.coming]) <= len(moments)
        if row.delivered_at is None:
            if not row.is_refunded:
                wrong.append(f"pre-order {row.id} is neither delivered nor given back")
        elif not is_out or row.delivered_at < max(moments) - 2 * timedelta(seconds=SKEW_S):
            wrong.append(f"pre-order {row.id} was delivered before it was out")
    return wrong


async def _given_by_one(story: Story) -> list[str]:
    """Nobody gives alone what two must give."""
    limits = COMPENSATION_LIMITS
    rows = await story.world.database.fetch(
        _BY_ONE, story.players, limits.alone, limits.alone_per_day, into=_Text
    )
    return [row.text for row in rows]
