"""What is offered on the page of an app, for every room that shows prices or decides by them.

found = await offers.of(database, app_ids, country)   # only what can be bought there
sold = await offers.sold_where(database, package_ids)   # in which countries packages can be bought
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.services.catalog.domain import Availability
from samovar.services.catalog.packages import repository
from samovar.services.catalog.packages.domain import Package
from samovar.services.catalog.packages.repository import Reader


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A package on the page of an app.

    Attributes:
        names: Russian and, where there is one, English: `{"ru": …, "en": …}`.
        place: 0 for the standard one of its page.
        is_listed: It is the one whose price lists, search and the head of the page show, where it can be bought: the first that is on
            sale, wherever that is.
        app_ids: What a licence of it opens.
        age_rating: The highest age mark in it: whom it is shown to.
        is_preorder: Something in it is not out yet.
        sold: In which countries it can be bought: its own word, and that of every app in it.
    """

    package_id: UUID
    slug: str
    names: dict[str, str | None]
    place: int
    is_listed: bool
    app_ids: tuple[UUID, ...]
    age_rating: int
    is_preorder: bool
    sold: Availability

    def name(self, language: str) -> str:
        """Return its name; the Russian one where there is none in this language."""
        return self.names.get(language) or self.names["ru"] or self.slug


async def of(database: Reader, app_ids: Sequence[UUID], country: str) -> dict[UUID, list[Offer]]:
    """Return what can be bought in a country on the pages of these apps, the standard package first; by app, none left out."""
    everywhere = await anywhere(database, app_ids)
    return {
        app_id: [offer for offer in offers if offer.sold.holds_in(country)]
        for app_id, offers in everywhere.items()
    }


async def anywhere(database: Reader, app_ids: Sequence[UUID]) -> dict[UUID, list[Offer]]:
    """Return what is on sale on the pages of these apps, each with the countries where it can be bought."""
    found: dict[UUID, list[Offer]] = {app_id: [] for app_id in app_ids}
    for package in await repository.packages_of_pages(database, app_ids):
        if package.state == "on_sale":
            offered = found[package.app_id]
            offered.append(_offer(package, is_listed=not offered))
    return found


async def sold_where(database: Reader, package_ids: Sequence[UUID]) -> dict[UUID, Availability]:
    """Return in which countries packages can be bought; those that there are not are left out."""
    return await repository.sales_of(database, package_ids)


def _offer(package: Package, *, is_listed: bool) -> Offer:
    return Offer(
        package_id=package.id,
        slug=package.slug,
        names=package.names,
        place=package.place,
        is_listed=is_listed,
        app_ids=package.app_ids,
        age_rating=package.age_rating,
        is_preorder=package.awaits_release,
        sold=package.sold_where,
    )
