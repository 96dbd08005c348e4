"""The countries that there are."""

import pytest

from samovar.kit.text.countries import COUNTRIES


def test_there_are_249() -> None:
    assert len(COUNTRIES) == 249


@pytest.mark.parametrize("code", ["RU", "BY", "KZ", "AQ", "GS", "TF", "UM"])
def test_each_is_known(code: str) -> None:
    assert code in COUNTRIES


@pytest.mark.parametrize("code", ["ZZ", "QQ", "XK", "AC", "UK", "SU", "ru", ""])
def test_nothing_else_is(code: str) -> None:
    assert code not in COUNTRIES
