"""Gives the whole catalogue out as lines, as of one moment, in an order that is the same for the same catalogue."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.exchange.exporting import repository
from samovar.services.catalog.exchange.exporting.repository import AppRow
from samovar.services.catalog.exchange.schemas import (
    AppLine,
    BundleLine,
    ChangelogLine,
    CreatorLine,
    DiscountLine,
    Line,
    MediumLine,
    PackageLine,
    Page,
    PriceHistoryLine,
    TermLine,
)
from samovar.services.catalog.schemas import AppDocument, Medium

ROWS_MAX = 500

_FIRST_CHANGE: tuple[str, datetime | None, str] = ("", None, "")

R = TypeVar("R")
K = TypeVar("K")
Fetch = Callable[[Transaction, K, int], Awaitable[Sequence[R]]]


async def lines_of(tx: Transaction) -> AsyncIterator[Line]:
    """Yield everything; the transaction holds the moment still."""
    async for term in _rows(repository.list_terms, tx, ("", ""), lambda row: (row.kind, row.slug)):
        yield msgspec.convert(
            {"record": "term", "kind": term.kind, "slug": term.slug, "names": term.names}, TermLine
        )
    async for creator in _rows(repository.list_creators, tx, "", lambda row: row.slug):
        yield CreatorLine(
            slug=creator.slug,
            name=creator.name,
            website=creator.website,
            organisation_id=creator.organisation_id,
        )
    async for app in _rows(repository.list_apps, tx, "", lambda row: row.slug):
        yield _app(app)
    async for change in _rows(
        repository.list_changes, tx, _FIRST_CHANGE, lambda row: (row.app, row.published_at, row.release)
    ):
        yield ChangelogLine(
            app=change.app, release=change.release, texts=change.texts, published_at=change.published_at
        )
    async for package in _rows(repository.list_packages, tx, "", lambda row: row.slug):
        yield PackageLine(
            slug=package.slug,
            app=package.app,
            names=package.names,
            place=package.place,
            state=package.state,
            is_preorder=package.is_preorder,
            contents=package.contents,
            sold=package.sold,
            activatable=package.activatable,
            prices=package.prices,
        )
    async for line in _selling(tx):
        yield line


async def _selling(tx: Transaction) -> AsyncIterator[Line]:
    """Yield what packages cost and did cost, and bundles."""
    async for some in _pages(repository.list_packages, tx, "", lambda row: row.slug):
        for past in await repository.list_past(tx, [package.slug for package in some]):
            yield PriceHistoryLine(
                package=past.package,
                region=past.region,
                amount=past.amount,
                currency=past.currency,
                since=past.since,
            )
    async for bundle in _rows(repository.list_bundles, tx, "", lambda row: row.slug):
        yield BundleLine(
            slug=bundle.slug,
            names=bundle.names,
            descriptions=bundle.descriptions,
            kind=bundle.kind,
            discount_percent=bundle.discount_percent,
            state=bundle.state,
            organisation_id=bundle.organisation_id,
            packages=bundle.packages,
        )
    async for some in _pages(repository.list_packages, tx, "", lambda row: row.slug):
        for discount in await repository.list_discounts(tx, [package.slug for package in some]):
            yield DiscountLine(
                package=discount.package,
                kind=discount.kind,
                percent=discount.percent,
                starts_at=discount.starts_at,
                ends_at=discount.ends_at,
            )


async def _rows(fetch: Fetch[K, R], tx: Transaction, first: K, key: Callable[[R], K]) -> AsyncIterator[R]:
    async for rows in _pages(fetch, tx, first, key):
        for row in rows:
            yield row


async def _pages(
    fetch: Fetch[K, R], tx: Transaction, first: K, key: Callable[[R], K]
) -> AsyncIterator[Sequence[R]]:
    after = first
    while rows := await fetch(tx, after, ROWS_MAX):
        yield rows
        after = key(rows[-1])


def _app(row: AppRow) -> AppLine:
    return AppLine(
        origin=row.origin,
        key=row.origin_key,
        state=row.state,
        organisation_id=row.organisation_id,
        popularity=row.popularity,
        early_access_at=row.early_access_at,
        released_at=row.released_at,
        page=page_of(row.document),
    )


def page_of(document: AppDocument) -> Page:
    """Return a page as a line has it."""
    fields = {name: getattr(document, name) for name in AppDocument.__struct_fields__ if name != "media"}
    return Page(**fields, media=[_medium(medium) for medium in document.media])


def _medium(medium: Medium) -> MediumLine:
    return MediumLine(
        kind=medium.kind, image=medium.image, width=medium.width, height=medium.height, alt=medium.alt
    )
