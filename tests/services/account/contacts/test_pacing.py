"""Fraud with text messages is cut short, and Redis that is away costs no money."""

from uuid import uuid4

import pytest
from redis.asyncio import Redis

from samovar.kit.errors import Unavailable
from samovar.kit.limits import Limits
from samovar.kit.settings import Secret
from samovar.services.account.contacts.errors import TooManyCodes
from samovar.services.account.contacts.pacing import Pacing
from samovar.services.account.settings import AccountSettings


def pacing(redis: Redis, **limits: int) -> Pacing:
    settings = AccountSettings(
        database_url=Secret("postgresql://nowhere"),
        code_secret=Secret("x" * 32),
        **limits,  # type: ignore[arg-type]  # Limits alone.
    )
    return Pacing(Limits(redis, "account"), settings)


async def test_numbers_in_a_row_are_one_block(redis: Redis) -> None:
    counted = pacing(redis, codes_per_phone_block_max=3)
    for last in range(3):
        await counted.count(uuid4(), "phone", f"+7916123000{last}", address=f"192.0.2.{last}")
    with pytest.raises(TooManyCodes):
        await counted.count(uuid4(), "phone", "+79161239999", address="192.0.2.99")
    await counted.count(uuid4(), "phone", "+79169990000", address="192.0.2.99")


async def test_all_phones_together_have_a_limit(redis: Redis) -> None:
    counted = pacing(redis, phone_codes_max=2)
    for number in (1, 2):
        await counted.count(uuid4(), "phone", f"+7916{number}000000", address=f"192.0.2.{number}")
    with pytest.raises(TooManyCodes) as refusal:
        await counted.count(uuid4(), "phone", "+79263000000", address="192.0.2.3")
    assert refusal.value.retry_after_s
    await counted.count(uuid4(), "email", "a@example.org", address="192.0.2.3")


async def test_one_network_has_a_limit_over_all_accounts(redis: Redis) -> None:
    counted = pacing(redis, codes_per_network_max=2)
    for number in range(2):
        await counted.count(uuid4(), "email", f"{number}@example.org", address=f"2001:db8:1:2::{number}")
    with pytest.raises(TooManyCodes):
        await counted.count(uuid4(), "email", "x@example.org", address="2001:db8:1:2::ffff")


async def test_without_redis_mails_leave_and_phones_wait() -> None:
    counted = pacing(Redis(port=1))
    await counted.count(uuid4(), "email", "a@example.org", address="192.0.2.1")
    with pytest.raises(Unavailable):
        await counted.count(uuid4(), "phone", "+79161234567", address="192.0.2.1")
