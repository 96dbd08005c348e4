"""People are found by what others paste: a code, a link, a name."""

import pytest

from samovar.client.api.account.profiles import Found
from samovar.client.state.people.standing import code_in, is_code, named_so

CODE = "0198f3c2-7a51-7c3e-9d6a-0a2b4c6d8e10"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        f"  {CODE.upper()} ",
        f"/u/{CODE}",
        f"https://play.example/u/{CODE}",
        f"https://play.example/u/{CODE}/",
        f"https://play.example/u/{CODE}?from=chat",
    ],
)
def test_a_code_is_taken_out_of_a_link(typed: str) -> None:
    assert code_in(typed) == CODE


@pytest.mark.parametrize("typed", ["", "Марфа", "@marfa", "https://play.example/u/marfa", "http://[", "123"])
def test_a_name_is_no_code(typed: str) -> None:
    assert code_in(typed) is None


def test_the_end_of_an_address_is_a_code_or_a_name() -> None:
    assert is_code(CODE)
    assert not is_code("marfa")


def test_a_unique_name_is_met_exactly() -> None:
    found = [
        Found(account_id="1", display_name="Марфа", avatar_url="", name="marfa.two"),
        Found(account_id="2", display_name="Марфа", avatar_url="", name="Marfa"),
        Found(account_id="3", display_name="marfa", avatar_url=""),
    ]
    one = named_so(found, "@marfa")
    assert one is not None
    assert one.account_id == "2"
    assert named_so(found, "mar") is None
