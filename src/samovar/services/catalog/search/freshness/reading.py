"""What search holds of apps, read from the tables of all rooms: a few queries for any number of apps."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.catalog.domain import EVERYWHERE
from samovar.services.catalog.packages import offers
from samovar.services.catalog.packages.offers import Offer
from samovar.services.catalog.prices.domain import Dated, reduced
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.reviews import scores
from samovar.services.catalog.search import repository
from samovar.services.catalog.search.repository import AppRow
from samovar.services.catalog.search.schemas import PricePeriod, SearchDocument

TITLES_MAX = 40


class Reader:
    """Reads documents.

    Attributes:
        chains: By country, the regions whose prices hold there, in their order.
        terms: By kind and slug, the names of a word of the taxonomy.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.chains: dict[str, list[str]] = {}
        self.terms: dict[tuple[str, str], dict[str, str | None]] = {}

    @property
    def price_groups(self) -> dict[str, str]:
        """By country, the first of its price regions: it tells the others."""
        return {country: regions[0] for country, regions in self.chains.items() if regions}

    async def learn(self) -> None:
        """Read what seldom changes: regions and words."""
        self.chains = await Pricing.regions(self._database)
        self.terms = {
            (term.kind, term.slug): term.names for term in await repository.find_terms(self._database)
        }

    async def read_in_order(self, app_ids: Sequence[UUID]) -> list[SearchDocument]:
        """Return the documents of those of these apps that are shown, in the order of the ids given."""
        found = {document.app_id: document for document in await self.read(app_ids)}
        return [found[app_id] for app_id in app_ids if app_id in found]

    async def read(self, app_ids: Sequence[UUID]) -> list[SearchDocument]:
        """Return the documents of those of these apps that are shown."""
        rows = await repository.find_apps(self._database, app_ids)
        offered = await offers.anywhere(self._database, [row.id for row in rows])
        standard = {app_id: found[0] for app_id, found in offered.items() if found}
        now = self._clock.now()
        dated = await Pricing.dated(self._database, [offer.package_id for offer in standard.values()], now)
        chains = {regions[0]: regions for regions in self.chains.values() if regions}
        documents = []
        for row in rows:
            offer = standard.get(row.id)
            prices = (
                periods_of(dated[offer.package_id], chains, now)
                if offer and offer.package_id in dated
                else {}
            )
            documents.append(self._document(row, offer, prices))
        return documents

    def _document(
        self, row: AppRow, offer: Offer | None, prices: dict[str, list[PricePeriod]]
    ) -> SearchDocument:
        counts = scores.Counts(row.positive, row.negative)
        titles = [text.title for text in row.texts.values() if text.title]
        return SearchDocument(
            app_id=row.id,
            kind=row.kind,
            stage=row.stage,
            title=row.title,
            shown_as={language: text.title for language, text in row.texts.items() if text.title},
            names=list(dict.fromkeys([*titles, *row.aliases]))[:TITLES_MAX],
            words=[
                *row.creator_names.values(),
                *self._names("genre", row.genres),
                *self._names("tag", row.tags),
            ],
            texts={
                language: f"{text.short_description}\n{text.description}"
                for language, text in row.texts.items()
            },
            age_rating=row.age_rating,
            popularity=row.popularity,
            released_on=row.released_on,
            tags=row.tags,
            genres=row.genres,
            categories=row.categories,
            features=row.features,
            series=row.series,
            creators=row.creators,
            creator_names=row.creator_names,
            platforms=row.platforms,
            languages=[language.code for language in row.languages if language.interface],
            voice=[language.code for language in row.languages if language.voice],
            subtitles=[language.code for language in row.languages if language.subtitles],
            visible=row.visible or EVERYWHERE,
            sold=offer.sold if offer else None,
            offer_age=offer.age_rating if offer else 0,
            prices=prices,
            score_percent=scores.score_of(counts).percent,
            rating=scores.rating(counts) if counts.total else None,
            reviews=counts.total,
        )

    def _names(self, kind: str, slugs: Sequence[str]) -> Iterator[str]:
        for slug in slugs:
            yield from (name for name in self.terms.get((kind, slug), {}).values() if name)


def periods_of(dated: Dated, chains: dict[str, list[str]], now: datetime) -> dict[str, list[PricePeriod]]:
    """Return for each chain of regions, named by its first, what the package costs now and from each later change on."""
    priced = {base.region for base in dated.bases if base.price is not None}
    ends = {moment for base in dated.bases for moment in (base.since, base.until) if moment}
    for discount in dated.discounts:
        span = discount.span(dated.release)
        if span is not None:
            ends |= {span.since} | ({span.until} if span.until else set())
    moments = [now, *sorted(moment for moment in ends if moment > now)]
    known: dict[tuple[str, ...], list[PricePeriod]] = {}
    found: dict[str, list[PricePeriod]] = {}
    for name, chain in chains.items():
        regions = tuple(region for region in chain if region in priced)
        if not regions:
            continue
        if regions not in known:
            known[regions] = [_period(dated, regions, moment, now) for moment in moments]
        found[name] = known[regions]
    return found


def _period(dated: Dated, regions: Sequence[str], at: datetime, now: datetime) -> PricePeriod:
    since = at if at > now else None
    base = dated.base_at(regions, at)
    if base is None or base.price is None:
        return PricePeriod(since=since, final=None)
    held = dated.discount_at(at) if base.price.amount else None
    if held is None:
        return PricePeriod(since=since, final=base.price.amount)
    percent = held[0].percent
    return PricePeriod(since=since, final=reduced(base.price, percent).amount, discount_percent=percent)
