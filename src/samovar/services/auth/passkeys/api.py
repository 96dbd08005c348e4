"""REST: passkeys, and signing in with them."""

from uuid import UUID

from samovar.kit.errors import NotFound, PreconditionFailed
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.pagination import Page
from samovar.kit.rest.app import Request
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, delete, get, patch, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import LastWayIn, PasskeyKnown, PasskeyRefused, TooManyPasskeys
from samovar.services.auth.passkeys.schemas import (
    PasskeyAdded,
    PasskeyChange,
    PasskeyCreation,
    PasskeyRegistration,
    PasskeySeen,
    PasskeySignIn,
)
from samovar.services.auth.passkeys.use_cases import Passkeys, PasskeySignIns
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH, PasskeyRequest, SignedIn


@post("/v1/auth/passkeys/sign-in-options", auth="public", status=200, rate_limit=RateLimit(60))
async def ask_sign_in_passkey(passkey_sign_ins: PasskeySignIns) -> PasskeyRequest:
    """Ask what a passkey is to sign for signing in. No login is needed: the passkey says whose it is."""
    return await passkey_sign_ins.ask()


@post(
    "/v1/auth/passkeys/sign-in",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(PasskeyRefused,),
)
async def sign_in_by_passkey(
    data: PasskeySignIn, request: Request, passkey_sign_ins: PasskeySignIns
) -> SignedIn:
    """Sign in with a passkey alone; it is two factors in one, so no second one is asked for."""
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await passkey_sign_ins.sign_in(data.credential, client)


@get("/v1/auth/passkeys", auth="player")
async def list_passkeys(caller: Caller, passkeys: Passkeys) -> Page[PasskeySeen]:
    """List the caller's passkeys, the oldest first: all of them, at most 20."""
    return await passkeys.page(caller)


@post(
    "/v1/auth/passkeys/registration-options",
    auth="player",
    status=200,
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    raises=(StepUpRequired, TooManyPasskeys),
)
async def ask_new_passkey(caller: Caller, passkeys: Passkeys) -> PasskeyCreation:
    """Ask how the authenticator is to make a passkey."""
    return await passkeys.ask_to_make(caller)


@post(
    "/v1/auth/passkeys",
    auth="player",
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(StepUpRequired, PasskeyRefused, PasskeyKnown, TooManyPasskeys),
)
async def register_passkey(
    data: PasskeyRegistration, caller: Caller, request: Request, passkeys: Passkeys
) -> PasskeyAdded:
    """Register a passkey. It signs in alone, and is from now on asked for after the password.

    With the first second factor come ten recovery codes. Trusted devices ask again; other sessions go on.
    """
    return await passkeys.register(caller, data, Client.of(request))


@get("/v1/auth/passkeys/{passkey_id:uuid}", auth="player", etag=True, raises=(NotFound,))
async def show_passkey(passkey_id: UUID, caller: Caller, passkeys: Passkeys) -> PasskeySeen:
    """Show one of the caller's passkeys."""
    return await passkeys.show(caller, passkey_id)


@patch(
    "/v1/auth/passkeys/{passkey_id:uuid}",
    auth="player",
    step_up=FRESH,
    etag=True,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(NotFound, PreconditionFailed),
)
async def rename_passkey(
    passkey_id: UUID,
    data: PasskeyChange,
    caller: Caller,
    request: Request,
    passkeys: Passkeys,
    if_match: IfMatch = None,
) -> PasskeySeen:
    """Give a passkey another name."""
    return await passkeys.rename(caller, passkey_id, data.name, Client.of(request), if_match=if_match)


@delete(
    "/v1/auth/passkeys/{passkey_id:uuid}",
    auth="player",
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    raises=(NotFound, StepUpRequired, LastWayIn),
)
async def remove_passkey(passkey_id: UUID, caller: Caller, request: Request, passkeys: Passkeys) -> None:
    """Delete a passkey. The second factor must have been given lately; the last way in cannot be deleted."""
    await passkeys.remove(caller, passkey_id, Client.of(request))
