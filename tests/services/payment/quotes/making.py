"""Quotes and their lines, made for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.services.payment.quotes import domain, repository
from samovar.services.payment.quotes.domain import Quote, QuoteLine
from tests.services.payment.conftest import SIGNING_SECRET

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def line(recipient_id: UUID, final: int = 129_900, **fields: Any) -> QuoteLine:
    """Return a line; `fields` are what differs from a usual one."""
    made: dict[str, Any] = {
        "package_id": uuid4(),
        "bundle_id": None,
        "app_ids": (uuid4(),),
        "names": {"ru": "Игра", "en": "A game"},
        "organisation_id": uuid4(),
        "recipient_id": recipient_id,
        "is_gift": False,
        "is_preorder": False,
        "base": final,
        "discount_percent": 0,
        "reduced": final,
        "bundle_percent": 0,
        "price": final,
        "region": "RU",
        "price_version": "0011223344556677",
        "final": final,
    }
    return QuoteLine(**made | fields)


def quote(account_id: UUID, *lines: QuoteLine, **fields: Any) -> Quote:
    """Return a signed quote of lines, or of one usual line; `fields` are what differs from a usual one."""
    held = lines or (line(account_id),)
    total = sum(one.final for one in held)
    made: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account_id,
        "country": "RU",
        "currency": "RUB",
        "lines": held,
        "subtotal": sum(one.price for one in held),
        "total": total,
        "gift_days": 30,
        "priced_at": NOW,
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=15),
    }
    return domain.signed(Quote(**made | fields), SIGNING_SECRET)


async def keep(database: Database, made: Quote) -> Quote:
    """Write a quote, and return it."""
    async with database.transaction() as tx:
        await repository.insert_quote(tx, made)
    return made
