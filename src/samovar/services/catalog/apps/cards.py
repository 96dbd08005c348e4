"""Apps as they stand in lists, for every room that lists them."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.apps import repository
from samovar.services.catalog.apps.schemas import Card
from samovar.services.catalog.domain import Language, media_url


async def of(
    database: Database | Transaction, app_ids: Sequence[UUID], language: Language = "ru"
) -> dict[UUID, Card]:
    """Return the cards of these apps in one query; unknown ones are left out. Who may see them is not asked here."""
    return {
        row.id: Card(
            id=row.id,
            slug=row.slug,
            kind=row.kind,
            title=row.title,
            short_description=row.short_description,
            capsule_url=media_url(row.capsule) if row.capsule else None,
            tags=row.tags,
            platforms=row.platforms,
            age_rating=row.age_rating,
            stage=row.stage,
            release_date=row.release_date,
        )
        for row in await repository.list_cards(database, app_ids, language)
    }
