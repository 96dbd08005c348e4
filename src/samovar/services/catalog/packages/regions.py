"""In which countries a package is shown, sold and activatable: the one answer that pages, lists, search, prices and gifts share. Pure.

Each answer is an `Availability`: ask it with `holds_in(country)`, or keep it whole, as search does. A package is activatable where it says
so itself; where it is sold it must be activatable (`unusable_in`).
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from samovar.kit.text.countries import COUNTRIES
from samovar.services.catalog.domain import AppState, Availability, Stage

NOWHERE = Availability(only_in=[])
PackageState = Literal["draft", "on_sale", "withdrawn"]
Obstacle = Literal["not_found", "not_visible", "not_on_sale", "not_sold", "not_released"]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What of an app in a package decides where the package is sold."""

    state: AppState
    stage: Stage
    visible: Availability


def sold(
    *, state: PackageState, is_preorder: bool, sold: Availability, contents: Sequence[Content]
) -> Availability:
    """Return where a package may be bought.

    Args:
        state: The package's own: it is sold while it is `on_sale`.
        is_preorder: It is sold before all of its apps are out.
        sold: Where its seller sells it.
        contents: Its apps: each must be published, out unless it is a pre-order, and visible there.
    """
    if state != "on_sale" or not contents or any(app.state != "published" for app in contents):
        return NOWHERE
    if not is_preorder and any(app.stage == "coming_soon" for app in contents):
        return NOWHERE
    return meet(sold, *(app.visible for app in contents))


def shown(*, state: PackageState, contents: Sequence[Content]) -> Availability:
    """Return where a package may be looked at: also when it is no longer sold, for those who have it."""
    if state == "draft" or not contents or any(app.state == "draft" for app in contents):
        return NOWHERE
    return meet(*(app.visible for app in contents))


def obstacle(
    country: str,
    *,
    state: PackageState,
    is_preorder: bool,
    sold: Availability,
    contents: Sequence[Content],
) -> Obstacle | None:
    """Return why a package cannot be bought in a country, the first of several reasons; none where `sold` holds."""
    if state == "draft" or not contents or any(app.state == "draft" for app in contents):
        return "not_found"
    if not shown(state=state, contents=contents).holds_in(country):
        return "not_visible"
    if state != "on_sale" or any(app.state != "published" for app in contents):
        return "not_on_sale"
    if not sold.holds_in(country):
        return "not_sold"
    if not is_preorder and any(app.stage == "coming_soon" for app in contents):
        return "not_released"
    return None


def unusable_in(sold: Availability, activatable: Availability) -> list[str]:
    """Return the countries where something would be sold and could not be activated."""
    return sorted(_countries(sold) - _countries(activatable))


def _countries(availability: Availability) -> frozenset[str]:
    named = COUNTRIES if availability.only_in is None else COUNTRIES.intersection(availability.only_in)
    return named.difference(availability.except_in)


def meet(*parts: Availability) -> Availability:
    """Return where all of these hold."""
    only_in: set[str] | None = None
    except_in: set[str] = set()
    for part in parts:
        except_in.update(part.except_in)
        if part.only_in is not None:
            only_in = set(part.only_in) if only_in is None else only_in.intersection(part.only_in)
    if only_in is None:
        return Availability(except_in=sorted(except_in))
    return Availability(only_in=sorted(only_in - except_in))
