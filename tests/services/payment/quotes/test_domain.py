"""A signature stands for every byte of a quote, and DLC is bought with its game: what falls out takes along what needed it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.payment.quotes import domain
from samovar.services.payment.quotes.domain import (
    Offer,
    Quote,
    QuoteLine,
    bases_outside,
    is_genuine,
    with_bases,
)
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.quotes.making import line, quote

SECRET = "one secret, longer than it must be at the least"
OWNER = uuid4()
MADE = domain.signed(quote(OWNER, line(OWNER, 100), line(OWNER, 200, message="С праздником!")), SECRET)
NOT_SIGNED = {"signature", "taken_at"}
PLAYER, FRIEND = uuid4(), uuid4()
NOTHING: dict[UUID, frozenset[UUID]] = {}


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


def offer(*lines: QuoteLine, **fields: Any) -> Offer:
    return Offer(names={}, lines=lines, currency="RUB", **fields)


def test_nothing_is_said_of_what_needs_no_game() -> None:
    offers = [offer(line(PLAYER)), Offer(names={}, refusal="owned")]
    assert with_bases(offers, NOTHING) == offers


def test_the_game_is_had_by_whoever_gets_the_dlc() -> None:
    game = uuid4()
    addition = offer(line(PLAYER, base_app_ids=(game,)))
    for others, owned in (
        ([], {FRIEND: frozenset({game})}),
        ([offer(line(FRIEND, app_ids=(game,)))], NOTHING),
    ):
        judged = with_bases([addition, *others], owned)[0]
        assert (judged.refusal, judged.lines, judged.needed) == ("base_needed", (), (game,))
    for others, owned in (
        ([], {PLAYER: frozenset({game})}),
        ([offer(line(PLAYER, app_ids=(game,)))], NOTHING),
    ):
        assert with_bases([addition, *others], owned)[0] == addition


def test_what_falls_out_takes_along_what_needed_it() -> None:
    first, second = uuid4(), uuid4()
    # A package of one game and of DLC of another.
    mixed = line(PLAYER, app_ids=(second, uuid4()), base_app_ids=(first,))
    last = line(PLAYER, base_app_ids=(second,))
    judged = with_bases([offer(last), offer(mixed)], NOTHING)
    assert [(one.refusal, one.needed) for one in judged] == [
        ("base_needed", (second,)),
        ("base_needed", (first,)),
    ]


def test_every_game_of_a_package_is_needed() -> None:
    first, second = sorted((uuid4(), uuid4()))
    both = offer(line(PLAYER, base_app_ids=(first, second)))
    assert with_bases([both], {PLAYER: frozenset({first})})[0].needed == (second,)
    assert with_bases([both], {PLAYER: frozenset({first, second})}) == [both]


def test_outside_names_the_games_and_the_lines_that_need_them() -> None:
    inside, elsewhere = uuid4(), uuid4()
    lines = [
        line(PLAYER, app_ids=(inside,)),
        line(PLAYER, base_app_ids=(inside, elsewhere)),
        line(FRIEND, base_app_ids=(inside,)),
        line(PLAYER, base_app_ids=(elsewhere,)),
    ]
    assert bases_outside(lines) == {PLAYER: {elsewhere: [1, 3]}, FRIEND: {inside: [2]}}


def test_a_quote_of_before_is_still_what_was_signed() -> None:
    made = quote(PLAYER, line(PLAYER))
    assert b"base_app_ids" not in msgspec.json.encode(made)
    read = msgspec.json.decode(msgspec.json.encode(made), type=type(made))
    assert is_genuine(read, SIGNING_SECRET, None)
    assert read.lines[0].needs == ()
    needing = quote(PLAYER, line(PLAYER, base_app_ids=(uuid4(),)))
    bare = msgspec.structs.replace(needing.lines[0], base_app_ids=msgspec.UNSET)
    assert not is_genuine(msgspec.structs.replace(needing, lines=(bare,)), SIGNING_SECRET, None)
