"""REST: of what one wants to be told."""

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, put
from samovar.services.notification.preferences.schemas import NotificationPreferences, WantedPreferences
from samovar.services.notification.preferences.use_cases import Preferences

BODY_BYTES_MAX = 4_096


@get("/v1/notifications/preferences", auth="player", etag=True)
async def show_notification_preferences(caller: Caller, preferences: Preferences) -> NotificationPreferences:
    """Show of what one is told."""
    return await preferences.show(caller.account_id)


@put(
    "/v1/notifications/preferences",
    auth="player",
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed),
)
async def change_notification_preferences(
    data: WantedPreferences, caller: Caller, preferences: Preferences, if_match: IfMatch = None
) -> NotificationPreferences:
    """Say of what one wants to be told; a category that is not named is told. Security is told always."""
    return await preferences.change(caller.account_id, data, if_match=if_match)
