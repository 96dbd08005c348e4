"""What others show of pictures: achievements, whose icons are library's to name."""

from uuid import UUID, uuid5

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.media import uses
from samovar.services.library.contract.achievement_events import AchievementsDefined

# Among the holders of pictures, the achievements of an app are another one than its page.
_ACHIEVEMENTS = UUID("6f0c53fb-5d6c-5a5e-9a63-1e8f0c1a7a11")


@consumes(AchievementsDefined)
async def keep_achievement_icons(event: AchievementsDefined, tx: Transaction) -> None:
    """Keep the pictures of achievements, those too that were shown before: whoever has an achievement still sees it."""
    await uses.add(tx, uuid5(_ACHIEVEMENTS, str(event.app_id)), event.icons)
