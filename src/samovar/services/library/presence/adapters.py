"""What presence asks of account, over gRPC: whose friends there are, and who shows to whom what they do."""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.account.contract.v1_pb2 import BatchCheckVisibilityRequest, ListFriendsRequest
from samovar.services.account.contract.v1_pb2_grpc import FriendsStub, PrivacyStub
from samovar.services.library.presence.errors import FriendsUnknown

TIMEOUT_S = 1.5
FRIENDS_PER_PAGE = 500
# Of whoever has more friends than that, the rest is asked about by name.
PAGES_MAX = 4
OWNERS_MAX = 500
_SECTION = "activity"


class People:
    """Asks account. Every method raises `FriendsUnknown` when it does not answer in time: nothing is shown by guess."""

    def __init__(self, peers: Peers) -> None:
        channel = peers.channel("account")
        self._friends = FriendsStub(channel)
        self._privacy = PrivacyStub(channel)

    async def friends_of(self, account_id: UUID) -> list[UUID]:
        """Return the friends of an account; 2,000 at most."""
        found: list[UUID] = []
        for _ in range(PAGES_MAX):
            asked = ListFriendsRequest(
                account_id=str(account_id),
                after_account_id=str(found[-1]) if found else "",
                limit=FRIENDS_PER_PAGE,
            )
            try:
                page = (await self._friends.ListFriends(asked, timeout=TIMEOUT_S)).friends
            except (Unavailable, DeadlineExceeded) as error:
                raise FriendsUnknown(f"account: {error}", retry_after_s=error.retry_after_s or 1.0) from error
            found += [UUID(friend.account_id) for friend in page]
            if len(page) < FRIENDS_PER_PAGE:
                break
        return found

    async def showing(self, viewer: UUID, owners: Collection[UUID]) -> frozenset[UUID]:
        """Return who of these shows the viewer what they do; at most 500."""
        asked = BatchCheckVisibilityRequest(
            viewer_id=str(viewer), owner_ids=[str(owner) for owner in owners], section=_SECTION
        )
        try:
            answer = await self._privacy.BatchCheckVisibility(asked, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise FriendsUnknown(f"account: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return frozenset(UUID(owner) for owner in answer.visible_owner_ids)
