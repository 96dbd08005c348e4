"""A search in its address: what is kept, what is passed over, what a press changes."""

from hypothesis import given
from hypothesis import strategies as st

from samovar.client.state.store.search import CHOSEN_MAX, Filters


def test_an_address_says_all_of_a_search() -> None:
    search = Filters(
        query="зимник",
        sort="-price",
        chosen={"genre": ("racing",), "tag": ("winter", "co-op")},
        discounted=True,
        price_max=60_000,
        score_min=80,
        age_max=12,
    )
    assert Filters.read(search.address()) == search
    assert search.count == 7
    assert search.path().startswith("/search?query=")
    assert Filters().path() == "/search"


def test_nonsense_in_an_address_is_passed_over() -> None:
    found = Filters.read("?sort=random&price_max=-1&review_min=101&age_max=17&discounted=maybe&drop=table")
    assert found == Filters()
    assert Filters.read("price_max=99999999999999999999&review_min=٣").count == 0


def test_an_address_cannot_ask_for_more_values_than_the_api_takes() -> None:
    found = Filters.read("&".join(f"tag=t{number}" for number in range(100)))
    assert len(found.chosen["tag"]) == CHOSEN_MAX


def test_a_press_puts_a_value_on_and_off() -> None:
    on = Filters(query="лёд").toggled("tag", "winter").toggled("tag", "north")
    assert on.chosen == {"tag": ("winter", "north")}
    assert on.is_chosen("tag", "north")
    off = on.toggled("tag", "winter").toggled("tag", "north")
    assert off == Filters(query="лёд")


def test_clearing_keeps_the_words_and_the_order() -> None:
    search = Filters(query="лёд", sort="new", discounted=True, price_max=0)
    assert search.cleared() == Filters(query="лёд", sort="new")


@given(st.text(max_size=200))
def test_any_address_is_read_and_written_the_same(address: str) -> None:
    once = Filters.read(address)
    assert Filters.read(once.address()) == once
