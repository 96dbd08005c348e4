"""What can go wrong among friends.

NotFound
├── RequestNotFound        404  account.request_not_found         no such request, or one that the caller must not know of
└── FriendNotFound         404  account.friend_not_found          no friend of the caller's
Conflict
├── RequestClosed          409  account.request_closed            cancelled, declined or expired
├── RequestAccepted        409  account.request_accepted          they are friends already
├── BlockedByYou           409  account.blocked_by_you            unblock first
├── TooManyFriends         409  account.too_many_friends          the caller has no room for one more
├── TheirFriendsFull       409  account.their_friends_full        the other has not
├── TooManyPending         409  account.too_many_pending          the caller's requests that nobody has answered
└── TooManyBlocks          409  account.too_many_blocks
RateLimited
├── AskedTooSoon           429  account.asked_too_soon            declined or cancelled not long ago
└── TooManyRequestsToday   429  account.too_many_requests_today   the requests of a day are used up
"""

from samovar.kit.errors import Conflict, NotFound, RateLimited


class RequestNotFound(NotFound):
    """There is no such request, or the caller must not learn that there is."""

    code = "account.request_not_found"


class FriendNotFound(NotFound):
    """The account is no friend of the caller's."""

    code = "account.friend_not_found"


class RequestClosed(Conflict):
    """The request was cancelled, declined or has expired."""

    code = "account.request_closed"


class RequestAccepted(Conflict):
    """The request was accepted."""

    code = "account.request_accepted"


class BlockedByYou(Conflict):
    """The caller blocks this account."""

    code = "account.blocked_by_you"


class TooManyFriends(Conflict):
    """The caller has as many friends as one may have."""

    code = "account.too_many_friends"


class TheirFriendsFull(Conflict):
    """The other has as many friends as one may have."""

    code = "account.their_friends_full"


class TooManyPending(Conflict):
    """Too many of the caller's requests wait for an answer."""

    code = "account.too_many_pending"


class TooManyBlocks(Conflict):
    """The caller blocks as many accounts as one may."""

    code = "account.too_many_blocks"


class AskedTooSoon(RateLimited):
    """The other declined not long ago, or the caller took a request back."""

    code = "account.asked_too_soon"


class TooManyRequestsToday(RateLimited):
    """The caller has sent as many requests as one may in a day."""

    code = "account.too_many_requests_today"
