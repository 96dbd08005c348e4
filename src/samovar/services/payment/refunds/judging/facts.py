"""Gathering the facts that the rules look at: what the order says here, and what others know."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.asking.errors import HoldsAway
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.compensations import given
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.refunds import domain, eligibility, repository
from samovar.services.payment.refunds.eligibility import App, Facts, Item, Rules, Verdict
from samovar.services.payment.refunds.errors import FactsAway
from samovar.services.payment.refunds.judging.adapters import Catalog, Library

REVIEW_WINDOW = timedelta(days=30)


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """What others know of an order; asked for before the transaction, which looks at the order again."""

    apps: Mapping[UUID, App]
    played: Mapping[tuple[UUID, UUID], int]
    played_since: Mapping[tuple[UUID, UUID], int]
    held_until: datetime | None


class Judge:
    """Asks library, catalog and auth, and applies the rules.

    Args:
        per_month_max: From so many refunds that an account asked for in 30 days on, a person looks at the next one.
    """

    def __init__(
        self, *, library: Library, catalog: Catalog, holds: AccountHolds, per_month_max: int
    ) -> None:
        self._library = library
        self._catalog = catalog
        self._holds = holds
        self._per_month_max = per_month_max

    async def ask(self, order: Order, lines: Sequence[OrderLine]) -> Outside:
        """Return what others know of an order.

        Raises:
            FactsAway: One of them does not answer.
        """
        apps = await self._catalog.apps({app_id for line in lines for app_id in line.app_ids})
        games: dict[UUID, set[UUID]] = defaultdict(set)
        bases: dict[UUID, set[UUID]] = defaultdict(set)
        for line in lines:
            for app_id in line.app_ids:
                base_id = apps[app_id].base_id
                (bases if base_id else games)[line.recipient_id].add(base_id or app_id)
        played: dict[tuple[UUID, UUID], int] = {}
        for recipient_id, app_ids in games.items():
            seconds = await self._library.played(recipient_id, app_ids)
            played |= {(recipient_id, app_id): count for app_id, count in seconds.items()}
        since: dict[tuple[UUID, UUID], int] = {}
        for recipient_id, app_ids in bases.items():
            seconds = await self._library.played_since(
                recipient_id, app_ids, order.paid_at or order.created_at
            )
            since |= {(recipient_id, app_id): count for app_id, count in seconds.items()}
        return Outside(
            apps=apps,
            played=played,
            played_since=since,
            held_until=await self._held_until(order.account_id),
        )

    async def _held_until(self, account_id: UUID) -> datetime | None:
        try:
            return (await self._holds.of([account_id])).get(account_id)
        except HoldsAway as error:
            raise FactsAway(f"{error}", retry_after_s=error.retry_after_s) from error

    async def facts(
        self,
        reader: Database | Transaction,
        order: Order,
        lines: Sequence[OrderLine],
        outside: Outside,
        *,
        now: datetime,
        withdrawn: Collection[UUID] | None = None,
    ) -> Facts:
        """Return all that the rules look at.

        Args:
            reader: Where to read.
            order: The order.
            lines: All its lines.
            outside: What others know.
            now: The time.
            withdrawn: Lines whose gift is withdrawn in this transaction; without them a gift is taken for accepted once it is licensed.
        """
        line_ids = [line.id for line in lines]
        ending = {line.line_id for line in await repository.ending(reader, line_ids)}
        consents = await repository.consents_among(reader, line_ids)
        compensated = await given.among(reader, line_ids)
        return Facts(
            now=now,
            status=order.status,
            paid_at=order.paid_at,
            items=tuple(
                Item(
                    line_id=line.id,
                    bundle_id=line.bundle_id,
                    recipient_id=line.recipient_id,
                    apps=tuple(outside.apps.get(app_id, App(id=app_id)) for app_id in line.app_ids),
                    final=line.final,
                    left=domain.remaining_of(line),
                    is_ending=line.id in ending,
                    is_preorder=line.is_preorder,
                    delivered_at=line.delivered_at,
                    is_gift=line.is_gift,
                    is_accepted=line.licensed_at is not None
                    if withdrawn is None
                    else line.id not in withdrawn,
                    has_consent=line.id in consents,
                    is_compensated=line.id in compensated,
                )
                for line in lines
            ),
            played=outside.played,
            played_since=outside.played_since,
            held_until=outside.held_until,
            is_disputed=await repository.is_disputed(reader, order.id),
        )

    def judge(self, facts: Facts, asked: Collection[UUID]) -> tuple[Rules, list[Verdict]]:
        """Return the rules of the day of the purchase, and what they say of each line."""
        rules = eligibility.rules_of(facts.paid_at or facts.now)
        return rules, eligibility.judge(facts, asked, rules)

    async def needs_review(self, reader: Database | Transaction, account_id: UUID, *, now: datetime) -> bool:
        """Return whether an account has asked for so many refunds lately that a person looks at the next one."""
        lately = await repository.count_asked(reader, account_id, now - REVIEW_WINDOW)
        return lately >= self._per_month_max
