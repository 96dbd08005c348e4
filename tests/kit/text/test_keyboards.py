"""The other keyboard layout."""

import pytest

from samovar.kit.text.keyboards import other_layout


@pytest.mark.parametrize(
    ("typed", "meant"), [("pbvybr", "зимник"), ("Ghbdtn", "привет"), ("цшеср", "witch"), ("42", "42")]
)
def test_the_same_keys_give_the_other_word(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant
