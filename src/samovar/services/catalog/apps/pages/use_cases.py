"""What one can see of pages."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from samovar.kit.cache import Cache
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.pagination import Page, decode_cursor, encode_cursor, page_of
from samovar.services.catalog.apps import cards, sight
from samovar.services.catalog.apps.names import cache_tag
from samovar.services.catalog.apps.pages import repository
from samovar.services.catalog.apps.pages.content import Content, content_of
from samovar.services.catalog.apps.pages.repository import ReleaseKey
from samovar.services.catalog.apps.pages.schemas import (
    ChangelogEntry,
    Contained,
    GamePage,
    PackageSeen,
)
from samovar.services.catalog.apps.repository import Head
from samovar.services.catalog.apps.schemas import Card
from samovar.services.catalog.domain import Language, Viewer
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.listing.items import Items, price_shown
from samovar.services.catalog.listing.schemas import GameItem, Listed
from samovar.services.catalog.packages import offers
from samovar.services.catalog.packages.offers import Offer
from samovar.services.catalog.prices.domain import Price
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.reviews.scores import score_of
from samovar.services.catalog.wishlist import marks_of
from samovar.services.catalog.wishlist.marks_of import NOBODY, ViewerMarks

T = TypeVar("T")

# A page that has changed has another key; what it names of others is purged by their events, or runs out.
TTL_S = 60.0
STALE_S = 60.0


class ChangelogKey(msgspec.Struct, frozen=True):
    """By what a changelog is ordered."""

    published_at: datetime
    id: UUID


class Shown(msgspec.Struct, Generic[T], frozen=True):
    """What is shown, and until when the prices in it hold, as far as is known."""

    value: T
    valid_until: datetime | None


class _Sale(msgspec.Struct, frozen=True):
    """What is sold on a page; `others` are the cards of what packages hold besides the app of the page."""

    offered: list[Offer]
    prices: dict[UUID, Price]
    others: dict[UUID, Card]
    valid_until: datetime | None


class Pages:
    """Pages as a viewer sees them. Prices are never kept here, so that none outlives its discount."""

    def __init__(self, database: Database, *, cache: Cache, clock: Clock) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._items = Items(database, clock)

    async def show(self, game: str, viewer: Viewer) -> Shown[GamePage]:
        """Return the page of an app, by its id or slug.

        Raises:
            AppNotFound: There is none, or it is not shown in the viewer's country.
            AgeRestricted: It is above the viewer's age level.
        """
        head = await sight.of(self._database, game, viewer)
        content, sale, marks = await asyncio.gather(
            self._content(head, viewer.language), self._sale(head, viewer), self._marks(viewer)
        )
        beside = await self._beside(content, viewer, marks)
        ends = [one for one in (sale.valid_until, beside.valid_until) if one]
        page = _page(head, content, viewer, sale, marks, {one.id: one for one in beside.items})
        return Shown(page, min(ends, default=None))

    async def belonging(
        self, game: str, viewer: Viewer, *, limit: int, cursor: str | None
    ) -> Shown[Page[GameItem]]:
        """Return what belongs to a game and the viewer may see, the latest first.

        Raises:
            AppNotFound: There is no such game, or it is not shown in the viewer's country.
            AgeRestricted: It is above the viewer's age level.
        """
        head = await sight.of(self._database, game, viewer)
        after = decode_cursor(cursor, ReleaseKey)
        keys = await repository.list_belonging(self._database, head.id, viewer, after, limit + 1)
        return await self._listed(keys, limit, viewer)

    async def credited(
        self, creator_id: UUID, viewer: Viewer, *, limit: int, cursor: str | None
    ) -> Shown[Page[GameItem]]:
        """Return the games and tools of a creator that the viewer may see, the latest first."""
        after = decode_cursor(cursor, ReleaseKey)
        keys = await repository.list_credited(self._database, creator_id, viewer, after, limit + 1)
        return await self._listed(keys, limit, viewer)

    async def changelog(
        self, game: str, viewer: Viewer, *, limit: int, cursor: str | None
    ) -> Page[ChangelogEntry]:
        """Return what changed in an app, the latest first.

        Raises:
            AppNotFound: There is no such app, or it is not shown in the viewer's country.
            AgeRestricted: It is above the viewer's age level.
        """
        head = await sight.of(self._database, game, viewer)
        key = decode_cursor(cursor, ChangelogKey)
        rows = await repository.list_changelog(
            self._database,
            head.id,
            viewer.language,
            after=(key.published_at, key.id) if key else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: ChangelogKey(row.published_at, row.id))

    async def _content(self, head: Head, language: Language) -> Content:
        return await self._cache.get_or_load(
            f"page:{head.id}:{head.version}:{language}",
            lambda: self._load(head, language),
            into=Content,
            ttl_s=TTL_S,
            stale_s=STALE_S,
            tags=tuple(cache_tag(app_id) for app_id in (head.id, head.base_app_id) if app_id),
        )

    async def _load(self, head: Head, language: Language) -> Content:
        row, related = await asyncio.gather(
            repository.find_page(self._database, head.id, language),
            repository.list_related(self._database, head.id, head.base_app_id),
        )
        known = await cards.of(self._database, [head.id, *(one.id for one in related)], language)
        if row is None or head.id not in known:
            raise AppNotFound(str(head.id))
        return content_of(row, language, card=known[head.id], related=related, cards=known)

    async def _sale(self, head: Head, viewer: Viewer) -> _Sale:
        """Find what is sold on the page, what it costs now, and what else it opens."""
        offered = (await offers.of(self._database, [head.id], viewer.country))[head.id]
        prices = await Pricing.of(
            self._database, [offer.package_id for offer in offered], viewer.country, self._clock.now()
        )
        others = {app_id for offer in offered for app_id in offer.app_ids} - {head.id}
        contained = await cards.of(self._database, sorted(others), viewer.language) if others else {}
        ends = [price.valid_until for price in prices.values() if price.valid_until]
        return _Sale(offered, prices, contained, min(ends, default=None))

    async def _beside(self, content: Content, viewer: Viewer, marks: ViewerMarks) -> Listed:
        """Find the prices and marks of what belongs to the app, and of what it belongs to."""
        around = [*content.belonging, *([content.base] if content.base else [])]
        return await self._items.of(
            [one.card.id for one in around if one.is_shown_to(viewer)], viewer, marks=marks
        )

    async def _marks(self, viewer: Viewer) -> ViewerMarks:
        return await marks_of.of(self._database, viewer.account_id) if viewer.account_id else NOBODY

    async def _listed(self, keys: Sequence[ReleaseKey], limit: int, viewer: Viewer) -> Shown[Page[GameItem]]:
        shown = keys[:limit]
        listed = await self._items.of([key.id for key in shown], viewer)
        page = Page(listed.items, encode_cursor(shown[-1]) if len(keys) > limit else None)
        return Shown(page, listed.valid_until)


def _packages(own: Card, viewer: Viewer, sale: _Sale) -> list[PackageSeen]:
    """Put together what a viewer is offered; a package opens all that is in it, or is not for this viewer."""
    apps = {**sale.others, own.id: own}
    return [
        PackageSeen(
            id=offer.package_id,
            slug=offer.slug,
            name=offer.name(viewer.language),
            place=offer.place,
            is_preorder=offer.is_preorder,
            price=price_shown(sale.prices[offer.package_id]) if offer.package_id in sale.prices else None,
            contents=[
                Contained(id=app_id, slug=apps[app_id].slug, title=apps[app_id].title)
                for app_id in offer.app_ids
            ],
        )
        for offer in sale.offered
        if all(apps[app_id].age_rating <= viewer.age_level for app_id in offer.app_ids)
    ]


def _page(
    head: Head,
    content: Content,
    viewer: Viewer,
    sale: _Sale,
    marks: ViewerMarks,
    beside: dict[UUID, GameItem],
) -> GamePage:
    """Put together what a viewer sees of a page; `beside` are what belongs to it and what it belongs to, as far as they are shown."""
    parts = {field: getattr(content, field) for field in content.__struct_fields__}
    card, belonging, base = parts.pop("card"), parts.pop("belonging"), parts.pop("base")
    shown = [beside[one.card.id] for one in belonging if one.card.id in beside]
    packages = _packages(content.card, viewer, sale)
    listed = {offer.package_id for offer in sale.offered if offer.is_listed}
    first = next((one for one in packages if one.id in listed and one.price), None)
    score = score_of(parts.pop("reviews"))
    return GamePage(
        **msgspec.structs.asdict(card),
        **parts,
        package_id=first.id if first else None,
        price=first.price if first else None,
        review_score=score.percent,
        review_label=score.label,
        review_count=score.total,
        is_owned=head.is_owned,
        is_wishlisted=head.id in marks.wishlisted,
        is_ignored=head.id in marks.ignored,
        packages=packages,
        editions=[one.id for one in packages if any(app.id == head.id for app in one.contents)],
        dlc=[one for one in shown if one.kind != "demo"],
        demo=next((one for one in shown if one.kind == "demo"), None),
        base=beside.get(base.card.id) if base else None,
        is_withdrawn=head.state == "withdrawn",
    )
