"""The checkout keeps every rule that a program can check; style.md's other rules are for readers."""

from pathlib import Path

import pytest

from tests.architecture import rules_code, rules_layout, rules_repository, rules_tests
from tests.architecture.sources import RULES, Checkout

TOP = Path(__file__).parents[2]
RULE_MODULES = (rules_layout, rules_code, rules_tests, rules_repository)


@pytest.fixture(scope="module")
def checkout() -> Checkout:
    """The real one."""
    return Checkout.read(TOP)


@pytest.mark.parametrize("name", RULES)
def test_the_checkout_keeps_the_rule(checkout: Checkout, name: str) -> None:
    findings = list(RULES[name](checkout))
    assert not findings, "\n".join([f"{name}: {RULES[name].__doc__}", *map(str, findings)])


def test_each_rule_says_why_it_exists() -> None:
    assert RULES
    assert all(check.__doc__ for check in RULES.values())
