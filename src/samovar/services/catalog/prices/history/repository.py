"""The SQL of the history of prices: which package."""

from uuid import UUID

from samovar.services.catalog.prices.repository import Reader


async def find_package(reader: Reader, app_id: UUID, package_id: UUID | None) -> UUID | None:
    """Return a package of a page that was ever on sale, by default the standard one."""
    found: UUID | None = await reader.fetch_value(
        """
        SELECT id FROM packages
        WHERE app_id = $1 AND state <> 'draft' AND ($2::uuid IS NULL OR id = $2) ORDER BY place LIMIT 1
        """,
        app_id,
        package_id,
    )
    return found
