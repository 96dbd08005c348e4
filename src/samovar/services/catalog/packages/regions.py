"""In which countries a package is shown, sold and activatable: the one answer that pages, lists, search, prices and gifts share. Pure.

Each answer is an `Availability`: ask it with `holds_in(country)`, or keep it whole, as search does.
"""

from collections.abc import Iterable

import msgspec

from samovar.services.catalog.domain import AppState, Availability

NOWHERE = Availability(only_in=[])


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What of an app in a package decides where the package is sold."""

    state: AppState
    visible: Availability


def sold(*, state: str, sold: Availability, contents: Iterable[Content]) -> Availability:
    """Return where a package may be bought.

    Args:
        state: The package's own: it is sold while it is `on_sale`.
        sold: Where its seller sells it.
        contents: Its apps: each must be published, and visible there.
    """
    apps = list(contents)
    if state != "on_sale" or not apps or any(app.state != "published" for app in apps):
        return NOWHERE
    return meet(sold, *(app.visible for app in apps))


def shown(*, state: str, contents: Iterable[Content]) -> Availability:
    """Return where a package may be looked at: also when it is no longer sold, for those who have it."""
    apps = list(contents)
    if state == "draft" or not apps or any(app.state == "draft" for app in apps):
        return NOWHERE
    return meet(*(app.visible for app in apps))


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
