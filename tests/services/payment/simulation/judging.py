"""What must hold when everything has come to rest: the invariants of the books, and paid <=> licence <=> ledger, to the kopeck."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import UUID

import msgspec

from samovar.services.payment import invariants
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.domain import Account, Kind
from tests.services.payment.simulation.judging_shop import faults_of_shop
from tests.services.payment.simulation.story import Story
from tests.services.payment.simulation.working import jobs
from tests.services.payment.simulation.world import PAYOUT_MINIMUM

ROUNDS_MAX = 60
STEP = timedelta(seconds=97)
LONG = timedelta(hours=25)
RESERVED = timedelta(days=15)

_OPEN = """
    SELECT what || ' ' || id || ' is ' || status FROM (
        SELECT 'order' AS what, id, status FROM orders WHERE account_id = ANY($1) AND status IN ('created', 'pending', 'paid')
        UNION ALL SELECT 'payment', id, state FROM payments WHERE account_id = ANY($1) AND state NOT IN ('captured', 'canceled', 'failed')
        UNION ALL SELECT 'top-up', id, status FROM top_ups WHERE account_id = ANY($1) AND status IN ('pending', 'refunding')
        UNION ALL SELECT 'refund', id, status FROM refunds WHERE account_id = ANY($1) AND status IN ('revoking', 'paying')
        UNION ALL SELECT 'gift', id, state FROM gifts WHERE sender_id = ANY($1) AND state = 'sent'
        UNION ALL SELECT 'return', r.id, r.state FROM payment_refunds r JOIN payments p ON p.id = r.payment_id
            WHERE p.account_id = ANY($1) AND r.state NOT IN ('done', 'refused')
        UNION ALL SELECT 'receipt', id, state FROM receipts WHERE account_id = ANY($1) AND state IN ('planned', 'sent')
        UNION ALL SELECT 'chargeback', id, status FROM chargebacks WHERE account_id = ANY($1) AND status = 'opened'
        UNION ALL SELECT 'compensation', id, status FROM compensations WHERE account_id = ANY($1) AND status = 'proposed'
        UNION ALL SELECT 'payout', id, status FROM payouts
            WHERE organisation_id = ANY($2) AND status IN ('proposed', 'approved', 'sending')
    ) AS found (what, id, status)
"""
_LINES = """
    SELECT l.id, o.paid_at IS NOT NULL AS is_paid, l.refunded_at IS NOT NULL AS is_refunded, o.status
    FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.account_id = ANY($1) ORDER BY l.id
"""


_CHARGED_BACK = """
    SELECT coalesce(sum(p.amount), 0) FROM refund_parts p JOIN refunds r ON r.id = p.refund_id
    WHERE r.account_id = ANY($1) AND p.destination = 'chargeback' AND p.status = 'done'
"""


class _Text(msgspec.Struct, frozen=True):
    text: str


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    is_paid: bool
    is_refunded: bool
    status: str


class _Held(msgspec.Struct, frozen=True):
    source_id: str
    is_active: bool


class _Receipt(msgspec.Struct, frozen=True):
    id: UUID
    state: str
    operation: str
    electronic: int
    total: int


async def come_to_rest(story: Story) -> None:
    """Let everything run to its end, with no fault any more: events arrive, jobs run, time passes."""
    world = story.world
    world.scheduler.is_calm = True
    world.scheduler.tell("calm")
    quiet = 0
    for number in range(ROUNDS_MAX):
        await story.clear_desks()
        await _drain(story)
        await world.listen()
        hearings, world.waiting = world.waiting, []
        for hearing in hearings:
            await world.scheduler.spawn(hearing.consumer.name, partial(world.hear, hearing, _once))
            await _drain(story)
        for name, job in dict(jobs(world)).items():
            await world.scheduler.spawn(name, job)
            await _drain(story)
            claims, world.claimed = world.claimed, []
            for claimed in claims:
                await world.scheduler.spawn(claimed.name, claimed.act)
                await _drain(story)
        world.turn(LONG if number % 3 == 2 else STEP)
        await world.listen()
        left = await _open(story)
        quiet = quiet + 1 if not left and not world.waiting else 0
        if quiet > 1:
            break
    world.registers.print_due()
    world.turn(RESERVED)
    while await world.splitter.release_batch():
        pass
    while await blocks.extend(world.database, now=world.clock.now()):
        pass


async def faults_of(story: Story) -> list[str]:
    """Return everything that is wrong, a line each."""
    world = story.world
    wrong = list(world.scheduler.failures)
    wrong += [f"never ends: {left}" for left in await _open(story)]
    wrong += [str(fault) for fault in await invariants.faults(world.database)]
    wrong += await _licences(story)
    for provider in world.providers:
        wrong += await _clearing(story, provider.name, provider.collected)
    wrong += await _payouts(story)
    wrong += await _receipts(story)
    wrong += await _nothing_in_between(story)
    return wrong + await faults_of_shop(story)


def _once() -> bool:
    return False


async def _drain(story: Story) -> None:
    while await story.world.scheduler.step():
        pass


async def _open(story: Story) -> list[str]:
    rows = await story.world.database.fetch(
        f"SELECT found.line AS text FROM ({_OPEN}) AS found (line)",
        story.players,
        story.organisations,
        into=_Text,
    )
    return [row.text for row in rows]


async def _licences(story: Story) -> list[str]:
    """Paid and not given back: exactly one licence in force; otherwise none."""
    lines = await story.world.database.fetch(_LINES, story.players, into=_Line)
    held = await story.world.library.fetch(
        "SELECT source_id, revoked_at IS NULL AS is_active FROM licences WHERE source = 'order' AND source_id = ANY($1)",
        [str(line.id) for line in lines],
        into=_Held,
    )
    active = {row.source_id for row in held if row.is_active}
    wrong = []
    for line in lines:
        should = line.is_paid and not line.is_refunded
        if should != (str(line.id) in active):
            state = "is paid" if line.is_paid else "is not paid"
            wrong.append(
                f"L11  line {line.id} {state}, refunded: {line.is_refunded}, its licence is {'in force' if not should else 'not there'}"
            )
    return wrong


async def _clearing(story: Story, name: str, collected: int) -> list[str]:
    """What the ledger thinks that a provider owes is what it owes."""
    before = story.world.owed_before.get(name, 0)
    owed = -(await posting.balance(story.world.database, Account(Kind.CLEARING, name))).posted - before
    return [] if owed == collected else [f"L12  {name} owes {collected}, the ledger says {owed}"]


async def _payouts(story: Story) -> list[str]:
    """What has left by the bank is what the ledger says, and nothing that is too little for it."""
    world = story.world
    before = world.owed_before["bank"]
    left = (await posting.balance(world.database, Account(Kind.BANK))).posted - before
    wrong = (
        [] if left == world.bank.paid else [f"L9  the bank paid {world.bank.paid}, the ledger says {left}"]
    )
    small = [
        f"L9  {payment.order.amount} was paid, which is too little"
        for payment in world.bank.payments.values()
        if payment.order.amount.amount < PAYOUT_MINIMUM
    ]
    return wrong + small


async def _receipts(story: Story) -> list[str]:
    """Each receipt is on paper once, or, when no register ever takes it, on the list of the staff; and all paper is the money that moved."""
    world = story.world
    rows = await world.database.fetch(
        "SELECT id, state, operation, electronic, total FROM receipts WHERE account_id = ANY($1) ORDER BY id",
        story.players,
        into=_Receipt,
    )
    paper = Counter(slip.receipt_id for slip in world.registers.printed)
    sums = {(slip.receipt_id, slip.electronic, slip.total) for slip in world.registers.printed}
    wrong = []
    for row in rows:
        due = 1 if row.state in {"registered", "corrected"} else 0
        if row.state == "corrected" and not paper[str(row.id)]:
            due = 0
        if paper[str(row.id)] != due or (due and (str(row.id), row.electronic, row.total) not in sums):
            wrong.append(f"L10  receipt {row.id} is {row.state}, {paper[str(row.id)]} are on paper")
    unplanned = set(paper) - {str(row.id) for row in rows}
    wrong += [f"L10  {one} is on paper and nowhere else" for one in sorted(unplanned)]
    told = sum(
        row.electronic * (-1 if row.operation.startswith("sell_refund") else 1)
        for row in rows
        if row.state != "corrected"
    )
    # What a payer's bank took is with them, as if it had been sent back.
    taken = int(await world.database.fetch_value(_CHARGED_BACK, story.players))
    lost = sum(
        dispute.amount
        for provider in world.providers
        for dispute in provider.disputes.values()
        if dispute.verdict == "lost"
    )
    if taken > lost:
        wrong.append(f"L10  banks took {lost}, {taken} are counted as taken by them")
    moved = sum(provider.taken for provider in world.providers) - taken
    return wrong if told == moved else [*wrong, f"L10  {moved} kopecks came and stayed, receipts say {told}"]


async def _nothing_in_between(story: Story) -> list[str]:
    """At rest nothing is paid and not given, nothing is on its way back."""
    wrong = []
    for account in (
        Account(Kind.PREPAID),
        Account(Kind.REFUNDS_DUE),
        Account(Kind.SUSPENSE, "yookassa"),
        Account(Kind.SUSPENSE, "tbank"),
    ):
        found = await posting.balance(story.world.database, account)
        if found.posted or found.debits_pending or found.credits_pending:
            wrong.append(
                f"at rest {account.kind} {account.owner} holds {found.posted}, {found.debits_pending} pending"
            )
    return wrong
