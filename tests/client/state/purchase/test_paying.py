"""How a sum can be paid."""

from samovar.client.api.payment import Method, Methods
from samovar.client.api.wallet import Wallet
from samovar.client.state.purchase.paying import chosen_way, ways_of

ROUBLE = {"amount": 100, "currency": "RUB"}
NOTHING = {"amount": 0, "currency": "RUB"}
METHODS = Methods([Method("wallet"), Method("sbp"), Method("card")])


def wallet(amount: int) -> Wallet:
    return Wallet({"amount": amount, "currency": "RUB"}, NOTHING, NOTHING)


def test_a_wallet_that_holds_enough_is_offered_first() -> None:
    way = chosen_way(ways_of(METHODS, wallet(100), ROUBLE), None)
    assert way is not None
    assert (way.method, way.is_enough, way.leads_out) == ("wallet", True, False)


def test_a_wallet_that_is_short_gives_way() -> None:
    ways = ways_of(METHODS, wallet(99), ROUBLE)
    way = chosen_way(ways, None)
    assert way is not None
    assert (way.method, way.leads_out) == ("sbp", True)
    picked = chosen_way(ways, "wallet")
    assert picked is not None
    assert not picked.is_enough


def test_what_costs_nothing_asks_for_no_method() -> None:
    assert [one.method for one in ways_of(METHODS, wallet(0), NOTHING)] == ["free"]


def test_without_any_method_there_is_no_way() -> None:
    assert chosen_way([], "card") is None
