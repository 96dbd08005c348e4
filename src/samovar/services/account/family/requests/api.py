"""REST: what children ask for."""

from uuid import UUID

import msgspec

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.account.family.errors import (
    AdultsDecide,
    ChildrenOnly,
    FamilyRequestClosed,
    FamilyRequestNotFound,
    NoFamily,
    NoPlayLimit,
    PurchasesNotAllowed,
    StoreAway,
    TooManyFamilyRequests,
)
from samovar.services.account.family.requests.domain import FamilyRequest, State
from samovar.services.account.family.requests.schemas import (
    NewPlayTimeRequest,
    NewPurchaseRequest,
    PlayTimeGrant,
    PlayTimeRequest,
    PurchaseRequest,
)
from samovar.services.account.family.requests.use_cases import FamilyRequests

BODY_BYTES_MAX = 4_096
# A child that asks once a minute for an hour is answered by a person, not by a limit.
ASKING = RateLimit(60, per_s=3_600, by="account")
ANSWERING = RateLimit(120, per_s=60, by="account")
PURCHASES = "/v1/accounts/me/family/purchase-requests"
PLAY_TIME = "/v1/accounts/me/family/play-time-requests"
ANSWER_ERRORS = (NoFamily, AdultsDecide, FamilyRequestNotFound, FamilyRequestClosed)


@post(
    PURCHASES,
    auth="player",
    rate_limit=ASKING,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NoFamily, ChildrenOnly, PurchasesNotAllowed, StoreAway, TooManyFamilyRequests),
)
async def ask_for_purchase(
    data: NewPurchaseRequest, caller: Caller, family_requests: FamilyRequests
) -> PurchaseRequest:
    """Ask the adults of one's family for a package; asked again while it is open, the answer is the same request."""
    return _purchase(await family_requests.ask_for_purchase(caller.account_id, data))


@get(PURCHASES, auth="player", raises=(InvalidInput, NoFamily))
async def list_purchase_requests(
    caller: Caller,
    family_requests: FamilyRequests,
    state: State | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PurchaseRequest]:
    """List what was asked for, the newest first: an adult sees the family's, a child its own."""
    page = await family_requests.list_requests(caller.account_id, "purchase", state, cursor, limit)
    return Page([_purchase(request) for request in page.items], page.next_cursor)


@post(
    PURCHASES + "/{request_id:uuid}/approve",
    auth="player",
    status=200,
    rate_limit=ANSWERING,
    idempotent=True,
    raises=ANSWER_ERRORS,
)
async def approve_purchase(
    request_id: UUID, caller: Caller, family_requests: FamilyRequests
) -> PurchaseRequest:
    """Agree to pay. Of several adults the first one pays; `decided_by` says who that is."""
    return _purchase(await family_requests.approve(caller.account_id, request_id, "purchase"))


@post(
    PURCHASES + "/{request_id:uuid}/decline",
    auth="player",
    status=200,
    rate_limit=ANSWERING,
    idempotent=True,
    raises=ANSWER_ERRORS,
)
async def decline_purchase(
    request_id: UUID, caller: Caller, family_requests: FamilyRequests
) -> PurchaseRequest:
    """Refuse to pay."""
    return _purchase(await family_requests.decline(caller.account_id, request_id, "purchase"))


@delete(
    PURCHASES + "/{request_id:uuid}",
    auth="player",
    rate_limit=ANSWERING,
    raises=(NoFamily, FamilyRequestNotFound, FamilyRequestClosed),
)
async def cancel_purchase_request(request_id: UUID, caller: Caller, family_requests: FamilyRequests) -> None:
    """Take back what one has asked for."""
    await family_requests.cancel(caller.account_id, request_id, "purchase")


@post(
    PLAY_TIME,
    auth="player",
    rate_limit=ASKING,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NoFamily, ChildrenOnly, NoPlayLimit),
)
async def ask_for_play_time(
    data: NewPlayTimeRequest, caller: Caller, family_requests: FamilyRequests
) -> PlayTimeRequest:
    """Ask the adults of one's family for more time today; while one request is open, it is the answer."""
    return _play_time(await family_requests.ask_for_play_time(caller.account_id, data))


@get(PLAY_TIME, auth="player", raises=(InvalidInput, NoFamily))
async def list_play_time_requests(
    caller: Caller,
    family_requests: FamilyRequests,
    state: State | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PlayTimeRequest]:
    """List what was asked for, the newest first: an adult sees the family's, a child its own."""
    page = await family_requests.list_requests(caller.account_id, "play_time", state, cursor, limit)
    return Page([_play_time(request) for request in page.items], page.next_cursor)


@post(
    PLAY_TIME + "/{request_id:uuid}/approve",
    auth="player",
    status=200,
    rate_limit=ANSWERING,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, *ANSWER_ERRORS),
)
async def approve_play_time(
    request_id: UUID, data: PlayTimeGrant, caller: Caller, family_requests: FamilyRequests
) -> PlayTimeRequest:
    """Give more time for the day that was asked for: as much as was asked, or another number of minutes."""
    return _play_time(
        await family_requests.approve(caller.account_id, request_id, "play_time", minutes=data.minutes)
    )


@post(
    PLAY_TIME + "/{request_id:uuid}/decline",
    auth="player",
    status=200,
    rate_limit=ANSWERING,
    idempotent=True,
    raises=ANSWER_ERRORS,
)
async def decline_play_time(
    request_id: UUID, caller: Caller, family_requests: FamilyRequests
) -> PlayTimeRequest:
    """Give no more time."""
    return _play_time(await family_requests.decline(caller.account_id, request_id, "play_time"))


@delete(
    PLAY_TIME + "/{request_id:uuid}",
    auth="player",
    rate_limit=ANSWERING,
    raises=(NoFamily, FamilyRequestNotFound, FamilyRequestClosed),
)
async def cancel_play_time_request(request_id: UUID, caller: Caller, family_requests: FamilyRequests) -> None:
    """Take back what one has asked for."""
    await family_requests.cancel(caller.account_id, request_id, "play_time")


def _purchase(request: FamilyRequest) -> PurchaseRequest:
    return msgspec.convert(request, PurchaseRequest, from_attributes=True)


def _play_time(request: FamilyRequest) -> PlayTimeRequest:
    return msgspec.convert(request, PlayTimeRequest, from_attributes=True)
