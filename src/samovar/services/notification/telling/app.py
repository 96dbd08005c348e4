"""Telling, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.runtime import Kit
from samovar.services.notification.settings import NotificationSettings
from samovar.services.notification.telling.erasing import Forgetting
from samovar.services.notification.telling.people import consumers as people
from samovar.services.notification.telling.purchases import consumers as purchases
from samovar.services.notification.telling.security import consumers as security
from samovar.services.notification.telling.store import consumers as store
from samovar.services.notification.telling.studio import consumers as studio
from samovar.services.notification.telling.teller import Teller

CONSUMERS = (
    *consumers_in(purchases),
    *consumers_in(people),
    *consumers_in(store),
    *consumers_in(studio),
    *consumers_in(security),
)


def build_telling(kit: Kit, settings: NotificationSettings) -> tuple[Teller, Forgetting]:
    """Build what consumers and other rooms ask for: `teller` and `forgetting`."""
    teller = Teller(
        clock=kit.clock, new_id=kit.new_id, inbox_max=settings.inbox_max, news_days=settings.news_days
    )
    return teller, Forgetting()
