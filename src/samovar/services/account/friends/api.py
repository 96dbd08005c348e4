"""REST: friends, friend requests, blocks."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, patch, post, put
from samovar.services.account.errors import AccountNotFound, AccountNotReady
from samovar.services.account.friends.errors import (
    AskedTooSoon,
    BlockedByYou,
    FriendNotFound,
    RequestAccepted,
    RequestClosed,
    RequestNotFound,
    TheirFriendsFull,
    TooManyBlocks,
    TooManyFriends,
    TooManyPending,
    TooManyRequestsToday,
)
from samovar.services.account.friends.schemas import (
    Ask,
    AskState,
    Blocked,
    BlockState,
    Direction,
    Friend,
    FriendChange,
    PendingRequest,
)
from samovar.services.account.friends.use_cases import Blocks, FriendRequests, Friends

BODY_BYTES_MAX = 4_096
# Only a program presses these buttons more often.
WRITES = RateLimit(120, per_s=60, by="account")


@get("/v1/friends", auth="player", raises=(InvalidInput,))
async def list_friends(
    caller: Caller, friends: Friends, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[Friend]:
    """List one's friends: favourites first, then the newest."""
    return await friends.list_friends(caller.account_id, cursor, limit)


@post(
    "/v1/friends/requests",
    auth="player",
    rate_limit=RateLimit(60, per_s=60, by="account"),
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        AccountNotFound,
        AccountNotReady,
        BlockedByYou,
        TooManyFriends,
        TheirFriendsFull,
        TooManyPending,
        AskedTooSoon,
        TooManyRequestsToday,
    ),
)
async def ask_to_be_friends(data: Ask, caller: Caller, friend_requests: FriendRequests) -> AskState:
    """Ask somebody to be friends.

    Asked again, the answer is the same request. If the other has asked already, both are friends at once. Whoever was declined,
    or has cancelled, waits before asking the same person again.
    """
    return await friend_requests.send(caller.account_id, data.account_id)


@get("/v1/friends/requests", auth="player", raises=(InvalidInput,))
async def list_friend_requests(
    caller: Caller,
    friend_requests: FriendRequests,
    direction: Direction = "incoming",
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[PendingRequest]:
    """List the requests that wait for an answer, the newest first."""
    return await friend_requests.list_pending(caller.account_id, direction, cursor, limit)


@post(
    "/v1/friends/requests/{request_id:uuid}/accept",
    auth="player",
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    raises=(RequestNotFound, RequestClosed, TooManyFriends, TheirFriendsFull),
)
async def accept_friend_request(
    request_id: UUID, caller: Caller, friend_requests: FriendRequests
) -> AskState:
    """Become friends with who asked; done twice, it is done once."""
    return await friend_requests.accept(caller.account_id, request_id)


@post(
    "/v1/friends/requests/{request_id:uuid}/decline",
    auth="player",
    status=200,
    rate_limit=WRITES,
    idempotent=True,
    raises=(RequestNotFound, RequestClosed, RequestAccepted),
)
async def decline_friend_request(
    request_id: UUID, caller: Caller, friend_requests: FriendRequests
) -> AskState:
    """Refuse a request. Its sender is not told, and waits before asking again: longer each time."""
    return await friend_requests.decline(caller.account_id, request_id)


@delete(
    "/v1/friends/requests/{request_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(RequestNotFound, RequestAccepted),
)
async def cancel_friend_request(request_id: UUID, caller: Caller, friend_requests: FriendRequests) -> None:
    """Take back a request of one's own."""
    await friend_requests.cancel(caller.account_id, request_id)


@patch(
    "/v1/friends/{account_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, FriendNotFound),
)
async def note_friend(account_id: UUID, data: FriendChange, caller: Caller, friends: Friends) -> Friend:
    """Give a friend a nickname, or a place among the favourites. Nobody but the caller learns of it."""
    return await friends.note(caller.account_id, account_id, data)


@delete("/v1/friends/{account_id:uuid}", auth="player", rate_limit=WRITES)
async def end_friendship(account_id: UUID, caller: Caller, friends: Friends) -> None:
    """End a friendship; the other is not told."""
    await friends.end(caller.account_id, account_id)


@get("/v1/blocks", auth="player", raises=(InvalidInput,))
async def list_blocks(
    caller: Caller, blocks: Blocks, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[Blocked]:
    """List whom one blocks, the newest first."""
    return await blocks.list_blocked(caller.account_id, cursor, limit)


@put(
    "/v1/blocks/{account_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(InvalidInput, AccountNotFound, AccountNotReady, TooManyBlocks),
)
async def block_account(account_id: UUID, caller: Caller, blocks: Blocks) -> BlockState:
    """Block somebody: friendship and requests between the two end, and they cannot learn of it."""
    return await blocks.add(caller.account_id, account_id)


@delete("/v1/blocks/{account_id:uuid}", auth="player", rate_limit=WRITES)
async def unblock_account(account_id: UUID, caller: Caller, blocks: Blocks) -> None:
    """Block somebody no longer."""
    await blocks.remove(caller.account_id, account_id)
