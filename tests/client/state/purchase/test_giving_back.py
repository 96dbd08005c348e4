"""Which lines are given back: all that may be, until somebody chooses."""

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


def test_at_first_all_that_may_go_back_does() -> None:
    choice = Choice(FOUND)
    assert choice.lines == {"a", "b"}
    assert choice.sum == money(300)


def test_a_press_takes_a_line_off_and_puts_it_back() -> None:
    without = Choice(FOUND, Choice(FOUND).toggled("a"))
    assert without.lines == {"b"}
    assert without.sum == money(200)
    assert Choice(FOUND, without.toggled("a")).lines == {"a", "b"}


def test_a_line_that_the_rules_refuse_cannot_be_chosen() -> None:
    assert Choice(FOUND, Choice(FOUND).toggled("played")).lines == {"a", "b"}
    assert Choice(FOUND, frozenset({"played"})).lines == frozenset()
