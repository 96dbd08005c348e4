"""REST: one's own settings."""

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, patch
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.preferences.schemas import Settings, SettingsPatch
from samovar.services.account.preferences.use_cases import Preferences

BODY_BYTES_MAX = 4_096


@get("/v1/accounts/me/settings", auth="player", etag=True, raises=(AccountNotReady,))
async def show_my_settings(caller: Caller, preferences: Preferences) -> Settings:
    """Show one's own settings."""
    return await preferences.show(caller.account_id)


@patch(
    "/v1/accounts/me/settings",
    auth="player",
    rate_limit=RateLimit(60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(InvalidInput, PreconditionFailed, AccountNotReady),
)
async def change_my_settings(
    data: SettingsPatch, caller: Caller, preferences: Preferences, if_match: IfMatch = None
) -> Settings:
    """Change one's own settings; what is absent stays, null clears."""
    return await preferences.change(caller, data, if_match=if_match)
