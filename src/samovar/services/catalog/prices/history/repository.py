"""The SQL of the history of prices: which page, which package."""

from uuid import UUID

import msgspec

from samovar.services.catalog.domain import EVERYWHERE, Availability
from samovar.services.catalog.prices.repository import Reader


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What decides whether a page is shown, and the package whose history it is, with the highest age mark in that."""

    state: str
    age_rating: int
    visible: Availability | None
    package_id: UUID | None
    package_age: int | None

    @property
    def where(self) -> Availability:
        """In which countries the page is shown."""
        return self.visible or EVERYWHERE


async def find_shown(reader: Reader, app_id: UUID, package_id: UUID | None) -> Shown | None:
    """Return a page with one of its packages that were ever on sale, by default the standard one."""
    return await reader.fetch_one(
        """
        SELECT a.state, a.age_rating, a.visible, chosen.id AS package_id, (
            SELECT max(opened.age_rating) FROM package_apps pa JOIN apps opened ON opened.id = pa.app_id
            WHERE pa.package_id = chosen.id
        ) AS package_age
        FROM apps a LEFT JOIN LATERAL (
            SELECT p.id FROM packages p
            WHERE p.app_id = a.id AND p.state <> 'draft' AND ($2::uuid IS NULL OR p.id = $2) ORDER BY p.place LIMIT 1
        ) AS chosen ON true
        WHERE a.id = $1
        """,
        app_id,
        package_id,
        into=Shown,
    )
