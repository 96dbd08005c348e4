"""What friends do by the clock."""

from samovar.kit.workers import every
from samovar.services.account.friends.use_cases import FriendRequests


@every(3_600)
async def expire_friend_requests(friend_requests: FriendRequests) -> None:
    """Close the requests that nobody has answered."""
    await friend_requests.expire_old()
