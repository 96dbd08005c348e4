"""Seeing and setting the prices of a package."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.prices import repository
from samovar.services.catalog.prices.domain import EDITORS
from samovar.services.catalog.prices.holding import hold, look, rules_for
from samovar.services.catalog.prices.matrix.schemas import PriceMatrix, PriceRegion, PriceRegions
from samovar.services.catalog.prices.matrix.writer import MatrixWrite, MatrixWriter, asked
from samovar.services.catalog.prices.repository import Reader
from samovar.services.catalog.rights import Rights


class PriceMatrices:
    """The price matrices of an organisation's packages."""

    def __init__(self, database: Database, *, rights: Rights, writer: MatrixWriter, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._writer = writer
        self._clock = clock

    async def show(self, caller: Caller, app_id: UUID, package_id: UUID | None) -> PriceMatrix:
        """Return the prices of a package that is offered on the page of an app, by default of the standard one.

        Raises:
            AppNotFound: No such app or package, or not the caller's to know.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        found = await _package(self._database, app_id, package_id)
        packages = await look(self._database, [found])
        return _shown(found, asked(packages[found]))

    async def change(
        self,
        caller: Caller,
        app_id: UUID,
        package_id: UUID | None,
        prices: dict[str, Money],
        *,
        if_match: str | None,
    ) -> PriceMatrix:
        """Set all prices of a package from this moment on.

        Raises:
            AppNotFound: No such app or package, or not the caller's to know.
            InvalidInput: A region or a currency is wrong, or a price below the least.
            PricesRefused: A discount freezes the prices, or one is raised too soon after the release.
            PreconditionFailed: They are no longer what the client has seen.
        """
        async with self._database.transaction() as tx:
            await self._rights.require(tx, caller, app_id, *EDITORS)
            found = await _package(tx, app_id, package_id)
            packages = await hold(tx, [found])
            require_match(if_match, _shown(found, asked(packages[found])))
            write = MatrixWrite(package_id=found, prices=prices)
            await self._writer.write(tx, [write], account_id=caller.account_id)
            return _shown(found, prices)

    async def regions(self) -> PriceRegions:
        """Return where prices may hold, in which currency and from which amount on."""
        version = await rules_for(self._database, self._clock.now())
        currencies = await repository.find_currencies(self._database)
        countries: dict[str, list[str]] = {}
        for country, regions in sorted((await repository.find_all_regions(self._database)).items()):
            for region in regions:
                countries.setdefault(region, []).append(country)
        return PriceRegions(
            items=[
                PriceRegion(
                    code=code,
                    currency=currency,
                    price_min=version.rules.least(currency),
                    countries=countries.get(code, []),
                )
                for code, currency in currencies.items()
            ]
        )


async def _package(reader: Reader, app_id: UUID, package_id: UUID | None) -> UUID:
    found = await repository.find_package_of(reader, app_id, package_id)
    if found is None:
        raise AppNotFound("no such package on this page")
    return found


def _shown(package_id: UUID, prices: dict[str, Money]) -> PriceMatrix:
    return PriceMatrix(package_id=package_id, prices=dict(sorted(prices.items())))
