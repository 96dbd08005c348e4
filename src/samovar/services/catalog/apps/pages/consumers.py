"""What makes kept pages count no more."""

from samovar.kit.cache import Cache
from samovar.kit.events import consumes
from samovar.services.catalog.apps.names import cache_tag
from samovar.services.catalog.contract.editing_events import ChangelogWritten, CreatorChanged
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.contract.reviews_events import ReviewScoreChanged


@consumes(AppChanged, mode="broadcast")
async def drop_pages(event: AppChanged, cache: Cache) -> None:
    """Forget the pages that show an app: its own, those of what belongs to it, and that of what it belongs to."""
    await cache.purge(*(cache_tag(app_id) for app_id in (event.app_id, event.base_app_id) if app_id))


@consumes(ChangelogWritten, mode="broadcast")
async def drop_changelogs(event: ChangelogWritten, cache: Cache) -> None:
    """Forget the pages that tell what changed in these apps."""
    await cache.purge(*map(cache_tag, event.app_ids))


@consumes(CreatorChanged, mode="broadcast")
async def drop_credits(event: CreatorChanged, cache: Cache) -> None:
    """Forget the pages that name a developer or publisher."""
    await cache.purge(*map(cache_tag, event.app_ids))


@consumes(ReviewScoreChanged, mode="broadcast")
async def drop_scored(event: ReviewScoreChanged, cache: Cache) -> None:
    """Forget the page of an app of which players think otherwise."""
    await cache.purge(cache_tag(event.app_id))
