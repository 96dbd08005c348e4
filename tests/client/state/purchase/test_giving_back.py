"""Which lines are given back: those that were chosen; the only one that may be needs no choosing."""

import msgspec

from samovar.client.api.payment import Eligibility, LineEligibility
from samovar.client.state.purchase.giving_back import Choice


def money(amount: int) -> dict[str, object]:
    return {"amount": amount, "currency": "RUB"}


FOUND = Eligibility(
    is_eligible=False,
    needs_review=False,
    amount=money(300),
    lines=[
        LineEligibility("a", True, money(100)),
        LineEligibility("b", True, money(200)),
        LineEligibility("played", False, money(400)),
    ],
)


def test_of_several_lines_none_is_chosen_for_the_player() -> None:
    assert Choice(FOUND).lines == frozenset()
    assert Choice(FOUND).sum == money(0)


def test_the_only_line_that_may_go_back_does() -> None:
    choice = Choice(msgspec.structs.replace(FOUND, lines=FOUND.lines[1:]))
    assert choice.lines == {"b"}
    assert choice.sum == money(200)
    assert Choice(choice.found, choice.toggled("b")).lines == frozenset()


def test_a_press_puts_a_line_on_and_takes_it_off() -> None:
    one = Choice(FOUND, Choice(FOUND).toggled("b"))
    assert one.lines == {"b"}
    both = Choice(FOUND, one.toggled("a"))
    assert both.sum == money(300)
    assert Choice(FOUND, both.toggled("b")).lines == {"a"}


def test_a_line_that_the_rules_refuse_cannot_be_chosen() -> None:
    assert Choice(FOUND, Choice(FOUND).toggled("played")).lines == frozenset()
    assert Choice(FOUND, frozenset({"played"})).lines == frozenset()
