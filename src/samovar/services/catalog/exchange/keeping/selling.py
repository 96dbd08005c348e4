"""Keeps the lines of prices, past prices and discounts, a batch at a time: judged as any other, but the past is the operator's word."""

from collections.abc import Sequence

from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput, SamovarError
from samovar.kit.money import Money
from samovar.services.catalog.exchange import repository
from samovar.services.catalog.exchange.keeping.offers import as_in_line
from samovar.services.catalog.exchange.keeping.pages import Outcome, unknown
from samovar.services.catalog.exchange.schemas import DiscountLine, PackageLine, PriceHistoryLine
from samovar.services.catalog.prices.discounts.domain import Wish
from samovar.services.catalog.prices.discounts.writer import DiscountWrite, DiscountWriter
from samovar.services.catalog.prices.matrix.writer import MatrixWrite, MatrixWriter, PastPrice


class PriceKeeper:
    """Keeps what things cost. Each method raises what the writers refuse as a whole; then nothing was written."""

    def __init__(self, *, matrix: MatrixWriter, discounts: DiscountWriter) -> None:
        self._matrix = matrix
        self._discounts = discounts

    async def keep_prices(self, tx: Transaction, lines: Sequence[PackageLine]) -> list[Outcome]:
        """Keep the present prices of packages; of a package that was refused itself nothing is said again."""
        packages = await repository.find_packages(tx, [line.slug for line in lines])
        ids = {slug: package.id for slug, package in packages.items()}
        before = await repository.count_prices(tx, list(ids.values()))
        wanted = [
            MatrixWrite(
                package_id=ids[line.slug],
                prices={region: Money(price.amount, price.currency) for region, price in line.prices.items()},
                keeps_others=True,
            )
            for line in lines
            if line.slug in ids
        ]
        try:
            await self._matrix.write(tx, wanted)
        except SamovarError as error:
            raise as_in_line(error) from error
        after = await repository.count_prices(tx, list(ids.values()))
        outcomes: list[Outcome] = []
        for line in lines:
            package_id = ids.get(line.slug)
            if package_id is None:
                outcomes.append(None)
            elif before.get(package_id) == after.get(package_id):
                outcomes.append("same")
            else:
                outcomes.append("changed" if before.get(package_id) else "new")
        return outcomes

    async def keep_history(self, tx: Transaction, lines: Sequence[PriceHistoryLine]) -> list[Outcome]:
        """Keep what packages cost in the past, before the first price that is known of a region."""
        packages = await repository.find_packages(tx, sorted({line.package for line in lines}))
        keys = {
            place: (packages[line.package].id, line.region, line.since)
            for place, line in enumerate(lines)
            if line.package in packages
        }
        before = await repository.find_price_starts(tx, list(keys.values()))
        wanted = [
            PastPrice(
                package_id=key[0],
                region=key[1],
                price=Money(lines[place].amount, lines[place].currency),
                since=key[2],
            )
            for place, key in keys.items()
            if key not in before
        ]
        try:
            await self._matrix.add_past(tx, wanted)
        except SamovarError as error:
            raise as_in_line(error) from error
        after = await repository.find_price_starts(tx, list(keys.values()))
        outcomes: list[Outcome] = []
        for place, line in enumerate(lines):
            key = keys.get(place)
            if key is None:
                outcomes.append(unknown("package", "package_unknown", line.package))
            elif key not in after:
                fault = FieldError("since", "price_known", "what it cost then is known already")
                outcomes.append(InvalidInput(line.package, fields=[fault]))
            else:
                outcomes.append("same" if key in before else "new")
        return outcomes

    async def keep_discounts(self, tx: Transaction, lines: Sequence[DiscountLine]) -> list[Outcome]:
        """Keep discounts, the earlier ones first: each is judged with those before it."""
        packages = await repository.find_packages(tx, sorted({line.package for line in lines}))
        before = await repository.find_discount_ids(tx, [package.id for package in packages.values()])
        places = sorted(
            (place for place, line in enumerate(lines) if line.package in packages),
            key=lambda place: lines[place].starts_at,
        )
        wanted = [
            DiscountWrite(
                package_id=packages[lines[place].package].id,
                wish=Wish(
                    kind=lines[place].kind,
                    percent=lines[place].percent,
                    starts_at=lines[place].starts_at,
                    ends_at=lines[place].ends_at,
                ),
            )
            for place in places
        ]
        try:
            ids = await self._discounts.write(tx, wanted, is_import=True)
        except SamovarError as error:
            raise as_in_line(error) from error
        given = dict(zip(places, ids, strict=True))
        return [
            ("same" if given[place] in before else "new")
            if place in given
            else unknown("package", "package_unknown", line.package)
            for place, line in enumerate(lines)
        ]
