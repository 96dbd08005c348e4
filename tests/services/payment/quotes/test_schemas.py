"""What is shown of a price adds up."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.money import AMOUNT_MAX, Money
from samovar.services.payment.promo import domain as promo
from samovar.services.payment.quotes.domain import QuoteLine
from samovar.services.payment.quotes.schemas import LineView, QuoteView
from tests.services.payment.promo.making import code
from tests.services.payment.quotes.making import NOW, line, quote

PRICES = st.tuples(st.integers(0, AMOUNT_MAX // 100), st.integers(0, 95), st.integers(0, 95))


def priced(base: int, discount_percent: int, bundle_percent: int) -> QuoteLine:
    reduced = Money(base, "RUB").share(100 - discount_percent, 100)
    price = reduced.share(100 - bundle_percent, 100).amount
    return line(uuid4(), price, base=base, reduced=reduced.amount, price=price)


@given(st.lists(PRICES, min_size=1, max_size=20), st.one_of(st.none(), st.integers(1, 100)))
def test_every_line_and_the_total_add_up(prices: list[tuple[int, int, int]], percent: int | None) -> None:
    lines = tuple(priced(*price) for price in prices)
    if percent:
        lines = promo.applied(code(percent=percent), lines, "RUB")
    view = QuoteView.of(quote(uuid4(), *lines), NOW)
    for one in view.lines:
        assert one.base - one.discount - one.bundle_discount - one.promo_discount == one.final
        assert Money(0, "RUB") <= one.final <= one.base
    assert view.total == sum((one.final for one in view.lines), start=Money(0, "RUB"))
    assert view.subtotal - view.promo_discount == view.total


def test_parts_are_shown_with_their_currency() -> None:
    shown = LineView.of(priced(10_000, 50, 10), "KZT")
    assert (shown.discount, shown.bundle_discount) == (Money(5_000, "KZT"), Money(500, "KZT"))
