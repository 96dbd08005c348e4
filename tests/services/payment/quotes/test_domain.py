"""A signature stands for every byte of a quote."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.payment.quotes import domain
from samovar.services.payment.quotes.domain import Quote
from tests.services.payment.quotes.making import line, quote

SECRET = "one secret, longer than it must be at the least"
OWNER = uuid4()
MADE = domain.signed(quote(OWNER, line(OWNER, 100), line(OWNER, 200, message="С праздником!")), SECRET)
NOT_SIGNED = {"signature", "taken_at"}


def other(value: Any) -> Any:
    """Return a value of the same kind that is another one."""
    others: dict[type, Callable[[Any], Any]] = {
        bool: lambda told: not told,
        int: lambda number: number + 1,
        str: lambda text: f"{text}x",
        datetime: lambda moment: moment + timedelta(microseconds=1),
        dict: lambda names: names | {"de": "Spiel"},
        tuple: lambda items: items[:-1],
    }
    change = others.get(type(value))
    return change(value) if change else uuid4()


def test_a_quote_bears_its_own_signature() -> None:
    assert domain.is_genuine(MADE, SECRET, None)
    assert domain.is_genuine(MADE, SECRET, MADE.signature)


@pytest.mark.parametrize("field", [name for name in Quote.__struct_fields__ if name not in NOT_SIGNED])
def test_a_change_of_any_field_is_seen(field: str) -> None:
    changed = msgspec.structs.replace(MADE, **{field: other(getattr(MADE, field))})
    assert not domain.is_genuine(changed, SECRET, None)


@pytest.mark.parametrize("field", domain.QuoteLine.__struct_fields__)
def test_a_change_of_any_field_of_a_line_is_seen(field: str) -> None:
    first, second = MADE.lines
    changed = msgspec.structs.replace(second, **{field: other(getattr(second, field))})
    assert not domain.is_genuine(msgspec.structs.replace(MADE, lines=(first, changed)), SECRET, None)


def test_lines_in_another_order_are_another_quote() -> None:
    assert not domain.is_genuine(msgspec.structs.replace(MADE, lines=MADE.lines[::-1]), SECRET, None)


@given(st.text(max_size=60))
def test_no_other_signature_passes(given_signature: str) -> None:
    assert domain.is_genuine(MADE, SECRET, given_signature) == (given_signature == MADE.signature)


@given(st.text(min_size=1, max_size=60))
def test_no_other_secret_passes(secret: str) -> None:
    assert domain.is_genuine(MADE, secret, None) == (secret == SECRET)


def test_being_taken_changes_no_signature() -> None:
    taken = msgspec.structs.replace(MADE, taken_at=MADE.created_at)
    assert domain.is_genuine(taken, SECRET, None)
