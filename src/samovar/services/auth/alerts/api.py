"""REST: «это был не я», and whether the account is held."""

from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.alerts.schemas import Hold, NotMe, Secured
from samovar.services.auth.alerts.use_cases import Alerts
from samovar.services.auth.client import Client
from samovar.services.auth.errors import AlertInvalid
from samovar.services.auth.schemas import BODY_BYTES_MAX


@post(
    "/v1/auth/alerts/not-me",
    auth="public",
    status=200,
    rate_limit=RateLimit(20),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(AlertInvalid,),
)
async def deny_alert(data: NotMe, request: Request, alerts: Alerts) -> Secured:
    """Say that what a letter told of was not you.

    All sessions and API keys end, changes of credentials since then are undone, and for 7 days nothing of value leaves the account.
    Set a new password next, with the token of this answer.
    """
    return await alerts.deny(data.token, Client.of(request))


@get("/v1/auth/hold", auth="player")
async def show_hold(caller: Caller, alerts: Alerts) -> Hold:
    """Tell whether the account is held, and until when."""
    return await alerts.hold_of(caller.account_id)
