"""REST: refreshing, signing out, one's sessions, who am I."""

from uuid import UUID

from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller, Permissions
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import RefreshTokenInvalid, RefreshTokenReused
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH, Me, RefreshRequest, Tokens
from samovar.services.auth.sessions.schemas import SessionSeen
from samovar.services.auth.sessions.use_cases import Sessions


@post(
    "/v1/auth/refresh",
    auth="public",
    status=200,
    rate_limit=RateLimit(300),
    # Sent twice within seconds, it gets the same answer.
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(RefreshTokenInvalid, RefreshTokenReused),
)
async def refresh(data: RefreshRequest, request: Request, sessions: Sessions) -> Tokens:
    """Exchange a refresh token for the next pair.

    Each refresh token works once. Parallel calls within 10 seconds get the same new pair; a later use of an old token means
    that somebody stole it, and ends the session.
    """
    return await sessions.refresh(data.refresh_token, address=Client.of(request).address)


@post("/v1/auth/logout", auth="player", status=204)
async def log_out(caller: Caller, sessions: Sessions) -> None:
    """End the session; its tokens are refused everywhere within seconds."""
    await sessions.log_out(caller)


@get("/v1/auth/me", auth="player")
async def show_me(caller: Caller, permissions: Permissions) -> Me:
    """Tell who the caller is and what they may do."""
    return Me(
        account_id=caller.account_id,
        roles=caller.roles,
        grants=caller.grants,
        permissions=permissions.of(caller),
        amr=caller.amr,
        acr=caller.acr,
    )


@get("/v1/auth/sessions", auth="player")
async def list_sessions(
    caller: Caller, sessions: Sessions, limit: Limit = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[SessionSeen]:
    """List the caller's sessions, API keys and grants that are alive, the last used first."""
    return await sessions.page(caller.account_id, caller.session_id, limit=limit, cursor=cursor)


@delete("/v1/auth/sessions/{session_id:uuid}", auth="player", step_up=FRESH, raises=(NotFound,))
async def end_session(session_id: UUID, caller: Caller, sessions: Sessions) -> None:
    """End one of the caller's sessions; its tokens are refused everywhere within seconds."""
    await sessions.end(caller, session_id)


@delete("/v1/auth/sessions", auth="player", step_up=FRESH, rate_limit=RateLimit(30, by="account"))
async def end_other_sessions(caller: Caller, sessions: Sessions) -> None:
    """Sign out everywhere else."""
    await sessions.end_others(caller)


@get("/v1/admin/accounts/{account_id:uuid}/sessions", auth="staff", permissions=("auth.session.read",))
async def list_sessions_of(
    account_id: UUID,
    caller: Caller,
    sessions: Sessions,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[SessionSeen]:
    """List the live sessions, API keys and grants of an account."""
    return await sessions.page(account_id, caller.session_id, limit=limit, cursor=cursor)


@delete(
    "/v1/admin/accounts/{account_id:uuid}/sessions",
    auth="staff",
    permissions=("auth.session.end",),
    step_up=FRESH,
)
async def end_sessions_of(account_id: UUID, caller: Caller, sessions: Sessions) -> None:
    """End everything of an account that is signed in, API keys and grants included."""
    await sessions.end_all(account_id, caller)
