"""Numbers of taxpayers: a slip in a digit is found."""

import pytest

from samovar.kit.text.taxpayers import is_inn, is_ogrn


@pytest.mark.parametrize("inn", ["7707083893", "7710140679", "500100732259", "7736050003"])
def test_an_inn_with_right_check_digits_passes(inn: str) -> None:
    assert is_inn(inn)


@pytest.mark.parametrize(
    "inn", ["7707083894", "500100732258", "500100732269", "770708389", "", "770708389а", "٧٧٠٧٠٨٣٨٩٣"]
)
def test_any_other_inn_does_not(inn: str) -> None:
    assert not is_inn(inn)


def test_every_slip_in_one_digit_is_found() -> None:
    for good, check in (("7707083893", is_inn), ("500100732259", is_inn), ("1027700132195", is_ogrn)):
        slips = {
            good[:at] + digit + good[at + 1 :]
            for at in range(len(good))
            for digit in "0123456789"
            if digit != good[at]
        }
        missed = [slip for slip in slips if check(slip)]
        # A remainder of 10 is written as 0, so that a few slips cannot be seen.
        assert len(missed) <= len(slips) // 10


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("1027700132195", True),
        ("1027700132196", False),
        ("304500116000157", True),
        ("304500116000158", False),
        ("1", False),
    ],
)
def test_an_ogrn_has_a_check_digit(number: str, is_right: bool) -> None:  # noqa: FBT001  a parameter
    assert is_ogrn(number) is is_right
