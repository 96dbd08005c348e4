"""A matrix as a table: what spreadsheets make of it comes back exact."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import InvalidInput
from samovar.kit.money import Money
from samovar.services.catalog.prices.domain import AMOUNT_MAX
from samovar.services.catalog.prices.matrix import table

PRICES = st.dictionaries(
    st.from_regex(r"\A[A-Z]{2,10}\Z"),
    st.builds(Money, st.integers(0, AMOUNT_MAX), st.sampled_from(["RUB", "JPY", "KWD"])),
    max_size=30,
)


@given(PRICES)
def test_what_is_written_is_read_again(prices: dict[str, Money]) -> None:
    assert table.read(table.write(prices)) == prices


@given(st.binary(max_size=200))
def test_nonsense_is_refused_with_the_place_and_nothing_else(content: bytes) -> None:
    with suppress(InvalidInput):
        assert isinstance(table.read(content), dict)


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        (b"RU,RUB", "lines[2]", "columns_wrong"),
        (b"ru,RUB,5", "lines[2].region", "region_unknown"),
        (b"RU,rub,5", "lines[2].currency", "wrong_pattern"),
        (b"RU,RUB,-5", "lines[2].price", "price_unreadable"),
        (b"RU,RUB,5.999", "lines[2].price", "price_unreadable"),
        (b"JP,JPY,5.5", "lines[2].price", "price_unreadable"),
        (b"RU,RUB,1e3", "lines[2].price", "price_unreadable"),
        (b"RU,RUB,=1+1", "lines[2].price", "price_unreadable"),
        (b"RU,RUB,1 000", "lines[2].price", "price_unreadable"),
        ("RU,RUB,\u0661".encode(), "lines[2].price", "price_unreadable"),
        (b"RU,RUB,9999999999999", "lines[2].price", "too_large"),
        (b"RU,RUB,1\nRU,RUB,2", "lines[3].region", "twice"),
        (b'"RU,RUB,1', "", "not_csv"),
        (b"\xff\xfe", "", "not_text"),
    ],
)
def test_each_wrong_line_is_named(line: bytes, field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        table.read(b"region,currency,price\n" + line)
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [(field, code)]


def test_another_table_is_refused() -> None:
    for content in (b"", b"a,b,c\n", b"price,currency,region\n"):
        with pytest.raises(InvalidInput):
            table.read(content)
