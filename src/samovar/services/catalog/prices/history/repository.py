"""The SQL of the history of prices: which package."""

from uuid import UUID

import msgspec

from samovar.services.catalog.prices.repository import Reader


class Chosen(msgspec.Struct, frozen=True):
    """A package, and the highest age mark in it."""

    id: UUID
    age_rating: int


async def find_package(reader: Reader, app_id: UUID, package_id: UUID | None) -> Chosen | None:
    """Return a package of a page that was ever on sale, by default the standard one."""
    return await reader.fetch_one(
        """
        SELECT p.id, (
            SELECT coalesce(max(a.age_rating), 0) FROM package_apps pa JOIN apps a ON a.id = pa.app_id
            WHERE pa.package_id = p.id
        ) AS age_rating
        FROM packages p
        WHERE p.app_id = $1 AND p.state <> 'draft' AND ($2::uuid IS NULL OR p.id = $2) ORDER BY p.place LIMIT 1
        """,
        app_id,
        package_id,
        into=Chosen,
    )
