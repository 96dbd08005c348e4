"""Pricing what somebody wants to buy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.text.countries import COUNTRIES
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.prices.quotes import domain, repository
from samovar.services.catalog.prices.quotes.domain import Buyer, Quoted


class Wanted(msgspec.Struct, frozen=True):
    """A package or a bundle that somebody wants to buy."""

    kind: Literal["package", "bundle"]
    id: UUID


class Quotes:
    """Prices of packages and bundles for a person, explained.

    Args:
        unknown_age_level: The highest age mark that is sold to those whose age is not known.
    """

    def __init__(self, database: Database, *, clock: Clock, unknown_age_level: int) -> None:
        self._database = database
        self._clock = clock
        self._unknown_age_level = unknown_age_level

    async def price(
        self,
        items: Sequence[Wanted],
        *,
        country: str,
        activation_country: str | None,
        account_id: UUID | None,
        owned_app_ids: frozenset[UUID],
    ) -> tuple[list[Quoted], datetime]:
        """Return each item priced or refused, in the same order, and the moment at which the prices hold.

        Raises:
            InvalidInput: There is no such country.
        """
        for field, named in (("country", country), ("activation_country", activation_country or country)):
            if named not in COUNTRIES:
                raise InvalidInput(
                    named, fields=[FieldError(field, "country_unknown", "there is no such country")]
                )
        now = self._clock.now()
        async with self._database.transaction(isolation="repeatable_read") as tx:
            bundles = await repository.find_bundles(tx, [item.id for item in items if item.kind == "bundle"])
            ids = sorted(
                {item.id for item in items if item.kind == "package"}
                | {package_id for bundle in bundles.values() for package_id in bundle.package_ids}
            )
            packages = await repository.find_packages(tx, ids)
            prices = await Pricing.of(tx, ids, country, now)
            owned = await repository.find_owned(tx, account_id, ids) if account_id else set()
            said = await repository.find_age_level(tx, account_id) if account_id else None
        level = self._unknown_age_level if account_id and said is None else said
        buyer = Buyer(
            country=country,
            activation_country=activation_country or country,
            age_level=level,
            owned=owned_app_ids | owned,
        )
        quoted = [
            domain.quote_bundle(bundles.get(item.id), packages, prices, buyer)
            if item.kind == "bundle"
            else domain.quote_package(item.id, packages.get(item.id), prices.get(item.id), buyer)
            for item in items
        ]
        return quoted, now
