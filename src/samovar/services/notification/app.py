"""The declaration of notification, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.services.notification.contract.events import InboxChanged
from samovar.services.notification.holdings import HOLDINGS
from samovar.services.notification.inbox import app as inbox
from samovar.services.notification.names import app as names
from samovar.services.notification.preferences import app as preferences
from samovar.services.notification.releases import app as releases
from samovar.services.notification.settings import NotificationSettings
from samovar.services.notification.telling import app as telling


async def build(kit: Kit, settings: NotificationSettings) -> Mapping[str, object]:
    """Build what handlers, consumers and jobs ask for by name."""
    teller, forgetting = telling.build_telling(kit, settings)
    return {
        "teller": teller,
        "forgetting": forgetting,
        **inbox.build_inbox(kit, settings),
        **preferences.build_preferences(kit),
        **releases.build_releases(kit, teller),
    }


service = Service(
    name="notification",
    summary="What people are told, through which channel, and why",
    package=__package__,
    settings=NotificationSettings,
    build=build,
    routes=(*inbox.ROUTES, *preferences.ROUTES),
    consumers=(*telling.CONSUMERS, *names.CONSUMERS, *releases.CONSUMERS, *inbox.CONSUMERS),
    jobs=(*inbox.JOBS, *releases.JOBS),
    publishes=(InboxChanged,),
    personal_data=HOLDINGS,
)
