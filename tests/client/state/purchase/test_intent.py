"""The key of an intention: kept while nobody knows, another one when it would do harm."""

import itertools

import pytest

from samovar.client.state.purchase.intent import Intent
from samovar.sdk.errors import Offline, Refused


class Sent:
    """Notes the keys that it was sent with, and fails as it is told to."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.error: Exception | None = None

    async def __call__(self, key: str) -> None:
        self.keys.append(key)
        if self.error:
            raise self.error


def intent() -> Intent:
    numbers = itertools.count()
    return Intent(lambda: f"key{next(numbers)}")


async def test_a_call_that_nobody_answered_is_sent_by_the_same_key() -> None:
    sent, same = Sent(), intent()
    sent.error = Offline()
    for _ in range(2):
        with pytest.raises(Offline):
            await same.send(sent, "order", 1)
    assert len(set(sent.keys)) == 1


async def test_another_wish_has_another_key() -> None:
    sent, same = Sent(), intent()
    await same.send(sent, ["a"])
    await same.send(sent, ["a", "b"])
    assert len(set(sent.keys)) == 2


async def test_after_a_refusal_the_same_wish_has_another_key() -> None:
    sent, same = Sent(), intent()
    sent.error = Refused(409, {"code": "payment.insufficient_funds"})
    with pytest.raises(Refused):
        await same.send(sent, "order")
    sent.error = None
    await same.send(sent, "order")
    assert len(set(sent.keys)) == 2


async def test_what_is_wanted_once_more_has_another_key() -> None:
    sent, same = Sent(), intent()
    await same.send(sent, "top up", 50_000)
    same.over()
    await same.send(sent, "top up", 50_000)
    assert len(set(sent.keys)) == 2
