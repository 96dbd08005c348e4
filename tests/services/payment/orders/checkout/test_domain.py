"""From which pockets an order is paid, and where a player may be sent back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import FieldError
from samovar.services.payment.domain import Method
from samovar.services.payment.orders.checkout.domain import (
    PROVIDER_AMOUNT_MIN,
    Funding,
    Purse,
    fault_of_return_url,
    fund,
)

OWN = ("https://play.example", "http://127.0.0.1:8080")


@pytest.mark.parametrize("method", ["free", "wallet", "sbp"])
def test_what_costs_nothing_is_free_whatever_the_method(method: Method) -> None:
    assert fund(0, method, Purse(), use_bonus=True, use_wallet=True) == Funding("free")


def test_what_costs_money_is_not_free() -> None:
    fault = fund(1, "free", Purse(), use_bonus=False, use_wallet=False)
    assert isinstance(fault, FieldError)
    assert fault.field == "method"


def test_the_wallet_pays_what_bonus_does_not() -> None:
    assert fund(500, "wallet", Purse(200, 0), use_bonus=True, use_wallet=False) == Funding("wallet", 200, 300)
    assert fund(500, "wallet", Purse(200, 0), use_bonus=False, use_wallet=False) == Funding("wallet", 0, 500)


def test_no_provider_is_asked_where_the_pockets_pay_all() -> None:
    assert fund(500, "card", Purse(200, 400), use_bonus=True, use_wallet=True) == Funding("wallet", 200, 300)


def test_a_provider_is_left_as_much_as_it_can_collect() -> None:
    assert fund(500, "sbp", Purse(0, 450), use_bonus=True, use_wallet=True) == Funding("sbp", 0, 400, 100)
    assert fund(500, "sbp", Purse(450, 0), use_bonus=True, use_wallet=True) == Funding("sbp", 400, 0, 100)
    assert fund(500, "sbp", Purse(420, 30), use_bonus=True, use_wallet=True) == Funding("sbp", 400, 0, 100)


@given(
    total=st.integers(0, 10**9),
    purse=st.builds(Purse, st.integers(0, 10**9), st.integers(0, 10**9)),
    method=st.sampled_from(["wallet", "sbp", "card"]),
    use_bonus=st.booleans(),
    use_wallet=st.booleans(),
)
def test_the_pockets_add_up_and_none_gives_what_it_has_not(
    *, total: int, purse: Purse, method: Method, use_bonus: bool, use_wallet: bool
) -> None:
    found = fund(total, method, purse, use_bonus=use_bonus, use_wallet=use_wallet)
    if isinstance(found, FieldError):
        assert total < PROVIDER_AMOUNT_MIN
        return
    assert found.bonus + found.wallet + found.provider == total
    assert min(found.bonus, found.wallet, found.provider) >= 0
    assert found.bonus <= purse.bonus
    assert found.method == "wallet" or found.wallet <= purse.wallet
    assert found.provider == 0 or found.provider >= PROVIDER_AMOUNT_MIN


@pytest.mark.parametrize(
    "url",
    [
        "https://play.example/orders/1",
        "https://PLAY.example",
        "http://127.0.0.1:8080/x?y=1#z",
        "https://play.example/?next=https://evil.example",
    ],
)
def test_a_player_comes_back_to_this_site(url: str) -> None:
    assert fault_of_return_url(url, OWN) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/orders/1",
        "//evil.example/",
        "https://evil.example/",
        "https://play.example.evil.example/",
        "https://play.example@evil.example/",
        "https://evil.example\\@play.example/",
        "https://play.example\n.evil.example/",
        "https://play.example:444/",
        "http://play.example/",
        "javascript:alert(1)//https://play.example",
        "https://play.example\t/",
        "https://[::1/",
        "HTTPS:play.example/",
        "https://рlay.example/",
    ],
)
def test_a_player_is_sent_nowhere_else(url: str) -> None:
    fault = fault_of_return_url(url, OWN)
    assert fault
    assert fault.field == "return_url"
