"""How packages and bundles show names, prices and apps to a reader, and for how long an answer holds."""

import math
from collections.abc import Mapping
from datetime import datetime

from samovar.kit.identity import Caller
from samovar.services.catalog.apps.schemas import Card
from samovar.services.catalog.domain import Language
from samovar.services.catalog.packages.schemas import PackagedGame, PackagePrice
from samovar.services.catalog.prices.domain import Price


def text(texts: Mapping[str, str | None], language: Language) -> str:
    """Return a text in a language; the Russian one where there is none in it."""
    return texts.get(language) or texts.get("ru") or ""


def price(found: Price) -> PackagePrice:
    """Return what is shown of a price."""
    return PackagePrice(
        base=found.base,
        final=found.final,
        discount_percent=found.discount_percent,
        lowest_30d=found.lowest_30d,
        ends_at=found.ends_at,
    )


def game(card: Card, *, is_owned: bool) -> PackagedGame:
    """Return what is shown of an app in a package."""
    return PackagedGame(
        game_id=card.id,
        slug=card.slug,
        kind=card.kind,
        title=card.title,
        capsule_url=card.capsule_url,
        is_owned=is_owned,
    )


def held_until(valid_until: datetime | None, now: datetime, caller: Caller | None) -> dict[str, str]:
    """Return the headers that say for how long an answer holds: no longer than its prices, and nobody else's for whoever is signed in."""
    if caller is not None:
        return {"Cache-Control": "private, no-cache"}
    if valid_until is None:
        return {}
    return {"Cache-Control": f"max-age={max(0, math.floor((valid_until - now).total_seconds()))}"}
