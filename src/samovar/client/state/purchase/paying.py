"""How a purchase can be paid, and which way is offered first."""

from dataclasses import dataclass

from samovar.client.api.catalog import Money
from samovar.client.api.payment import Methods
from samovar.client.api.wallet import Wallet


@dataclass(frozen=True)
class Way:
    """One way to pay.

    Attributes:
        balance: What the wallet has; None of the others.
        is_enough: It can pay all of it.
        leads_out: It is confirmed on the page of a payment provider.
    """

    method: str
    balance: Money | None = None
    is_enough: bool = True
    leads_out: bool = False


def ways_of(methods: Methods, wallet: Wallet, total: Money) -> list[Way]:
    """Return the ways to pay a sum; what costs nothing is paid with nothing."""
    if total["amount"] == 0:
        return [Way("free")]
    ways = []
    for one in methods.methods:
        if one.method == "wallet":
            is_enough = int(wallet.balance["amount"]) >= int(total["amount"])
            ways.append(Way("wallet", balance=wallet.balance, is_enough=is_enough))
        else:
            ways.append(Way(one.method, leads_out=True))
    return ways


def chosen_way(ways: list[Way], picked: str | None) -> Way | None:
    """Return the way that was picked, else the first that can pay."""
    for way in ways:
        if way.method == picked:
            return way
    return next((way for way in ways if way.is_enough), ways[0] if ways else None)
