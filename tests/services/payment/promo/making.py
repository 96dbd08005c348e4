"""Promo codes, made for tests."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from samovar.kit.database import Database
from samovar.services.payment.promo import domain, repository
from samovar.services.payment.promo.domain import PromoCode
from tests.services.payment.quotes.making import NOW


def code(text: str | None = None, **fields: Any) -> PromoCode:
    """Return a code of 10 % for everything, once an account; `fields` are what differs from that."""
    text = text or f"TEST{uuid4().hex[:10]}"
    made: dict[str, Any] = {
        "id": uuid4(),
        "code": text,
        "code_key": domain.key_of(text),
        "organisation_id": None,
        "scope": "all",
        "package_ids": (),
        "percent": None if "amount" in fields else 10,
        "amount": None,
        "currency": "RUB" if {"amount", "minimum"} & set(fields) else None,
        "minimum": None,
        "countries": None,
        "starts_at": NOW - timedelta(days=1),
        "ends_at": None,
        "limit_total": None,
        "limit_per_account": 1,
        "redeemed": 0,
        "actor_id": uuid4(),
        "created_at": NOW - timedelta(days=1),
        "ended_at": None,
    }
    return PromoCode(**made | fields)


async def keep(database: Database, made: PromoCode) -> PromoCode:
    """Write a code, and return it."""
    async with database.transaction() as tx:
        assert await repository.insert_code(tx, made)
    return made
