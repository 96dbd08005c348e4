"""Regions: one answer for pages, lists, search, prices and gifts."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from samovar.services.catalog.domain import Availability
from samovar.services.catalog.packages import regions
from samovar.services.catalog.packages.regions import Content

COUNTRIES = ("RU", "BY", "KZ", "DE")
country = st.sampled_from(COUNTRIES)
some = st.lists(country, max_size=4, unique=True)
availability = st.builds(
    lambda only_in, except_in: Availability(only_in=only_in, except_in=except_in), st.none() | some, some
)
content = st.builds(
    Content,
    state=st.sampled_from(["draft", "published", "published", "published", "withdrawn"]),
    stage=st.sampled_from(["coming_soon", "released", "released", "early_access"]),
    visible=availability,
)
package = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["draft", "on_sale", "on_sale", "withdrawn"]),
        "is_preorder": st.booleans(),
        "sold": availability,
        "contents": st.lists(content, max_size=3),
    }
)


@given(package, country)
def test_a_package_is_sold_where_nothing_stands_against_it(package: dict[str, Any], country: str) -> None:
    is_sold = regions.sold(**package).holds_in(country)
    assert is_sold == (regions.obstacle(country, **package) is None)
    assert is_sold == (
        package["state"] == "on_sale"
        and package["sold"].holds_in(country)
        and package["contents"] != []
        and all(app.state == "published" and app.visible.holds_in(country) for app in package["contents"])
        and (package["is_preorder"] or all(app.stage != "coming_soon" for app in package["contents"]))
    )


@given(package, country)
def test_what_is_sold_is_shown(package: dict[str, Any], country: str) -> None:
    shown = regions.shown(state=package["state"], contents=package["contents"])
    assert shown.holds_in(country) or not regions.sold(**package).holds_in(country)
    stands_against = regions.obstacle(country, **package)
    assert shown.holds_in(country) == (stands_against not in {"not_found", "not_visible"})


@given(st.lists(availability, min_size=1, max_size=4), country)
def test_where_all_hold_each_holds(parts: list[Availability], country: str) -> None:
    assert regions.meet(*parts).holds_in(country) == all(part.holds_in(country) for part in parts)


@given(availability, availability)
def test_what_is_unusable_is_sold_and_not_activatable(sold: Availability, activatable: Availability) -> None:
    unusable = regions.unusable_in(sold, activatable)
    assert all(sold.holds_in(one) and not activatable.holds_in(one) for one in unusable)
    assert set(COUNTRIES) - set(unusable) == {
        one for one in COUNTRIES if activatable.holds_in(one) or not sold.holds_in(one)
    }
