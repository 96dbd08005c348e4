"""REST: letting another device in."""

from samovar.kit.errors import Forbidden
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.clients.refusals import NO_STORE, as_oauth
from samovar.services.auth.clients.registry import Presented, Registry
from samovar.services.auth.device_code.errors import (
    AuthorizationPending,
    DeviceCodeExpired,
    DeviceCodeInvalid,
    DeviceDenied,
    DeviceNumberWrong,
    DeviceRequestInvalid,
    DeviceRequestTaken,
    SlowDown,
)
from samovar.services.auth.device_code.schemas import (
    Approver,
    DeviceApproval,
    DeviceAuthorization,
    DeviceDenial,
    DevicePoll,
    DeviceRequestSeen,
    DeviceStart,
    DeviceStarted,
)
from samovar.services.auth.device_code.use_cases import DeviceSignIn
from samovar.services.auth.errors import OAuthError, TooManyAttempts
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH, SignedIn


@post(
    "/v1/auth/device",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(TooManyAttempts,),
)
async def begin_device_sign_in(
    data: DeviceStart, request: Request, device_sign_in: DeviceSignIn
) -> DeviceStarted:
    """Begin to sign in a device with the help of another one that is signed in.

    Show `qr_svg` or `user_code`, and beside it `match_number`, large. Then poll `POST /v1/auth/device/token`, at first every `interval`
    seconds. Programs of others use `POST /oauth2/device_authorization`.
    """
    return await device_sign_in.begin(Client.of(request, device_name_given=data.device_name))


@post(
    "/oauth2/device_authorization",
    auth="public",
    body="form",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(OAuthError,),
    refusal=as_oauth,
)
async def authorize_device(
    data: DeviceAuthorization, request: Request, device_sign_in: DeviceSignIn, registry: Registry
) -> Answer:
    """Begin to sign in a device with the help of another one, for a registered program (RFC 8628, section 3.1).

    Besides what the standard names, the answer holds `match_number`, to be shown large beside the code, and `qr_svg`. Poll
    `POST /oauth2/token` with `grant_type=urn:ietf:params:oauth:grant-type:device_code`.
    """
    program = await registry.authenticate(Presented.in_request(request, data.client_id, data.client_secret))
    client = Client.of(request, device_name_given=data.device_name)
    begun = await device_sign_in.begin_for(program, data.scope or "", client)
    return Answer(begun, headers=NO_STORE)


@post(
    "/v1/auth/device/token",
    auth="public",
    status=200,
    rate_limit=RateLimit(600),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        AuthorizationPending,
        SlowDown,
        DeviceDenied,
        DeviceCodeExpired,
        DeviceCodeInvalid,
        TooManyAttempts,
    ),
)
async def collect_device_session(
    data: DevicePoll, request: Request, device_sign_in: DeviceSignIn
) -> SignedIn:
    """Ask whether somebody has let this device in, and get its session once.

    `auth.authorization_pending`: ask again after `interval` seconds. `auth.slow_down`: that was too early, and the interval is 5 seconds
    longer from now on (`Retry-After` says how long). All other refusals are final. The session is never surer than that of whoever said
    yes; its `amr` says `mca` besides.
    """
    return await device_sign_in.collect(data.device_code, Client.of(request, device_token=data.device_token))


@get(
    "/v1/auth/device/{user_code:str}",
    auth="player",
    rate_limit=RateLimit(60, by="account"),
    raises=(DeviceRequestInvalid, DeviceRequestTaken, Forbidden, TooManyAttempts),
)
async def open_device_request(
    user_code: str, caller: Caller, request: Request, device_sign_in: DeviceSignIn
) -> DeviceRequestSeen:
    """Show which device wants in.

    The first session that opens a code is the only one that may decide. When another account opens it too, nothing more comes of it:
    somebody passes the code on. Ask the person which of `numbers` stands on the screen of the new device, and whether they began this.
    """
    return await device_sign_in.look(_approver(caller), user_code, Client.of(request))


@post(
    "/v1/auth/device/{user_code:str}/approve",
    auth="player",
    step_up=FRESH,
    status=204,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(DeviceNumberWrong, DeviceRequestInvalid, Forbidden, TooManyAttempts),
)
async def approve_device_request(
    data: DeviceApproval,
    user_code: str,
    caller: Caller,
    request: Request,
    device_sign_in: DeviceSignIn,
) -> None:
    """Let the device in that shows `number`.

    One wrong number ends the request, and the owner gets a letter. To another developer's program the yes also lets it know what
    `client.scopes` names.
    """
    await device_sign_in.approve(_approver(caller), user_code, data.number, Client.of(request))


@post(
    "/v1/auth/device/{user_code:str}/deny",
    auth="player",
    status=204,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(DeviceRequestInvalid, Forbidden, TooManyAttempts),
)
async def deny_device_request(
    data: DeviceDenial,
    user_code: str,
    caller: Caller,
    request: Request,
    device_sign_in: DeviceSignIn,
) -> None:
    """Refuse the device. It may follow a yes, as long as the device has not come for its session."""
    await device_sign_in.deny(_approver(caller), user_code, Client.of(request), is_not_me=data.is_not_me)


def _approver(caller: Caller) -> Approver:
    return Approver(caller.account_id, caller.session_id)
