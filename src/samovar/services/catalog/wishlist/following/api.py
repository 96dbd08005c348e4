"""REST: developers and publishers whom one follows."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.catalog.errors import CreatorNotFound
from samovar.services.catalog.wishlist.errors import ListFull
from samovar.services.catalog.wishlist.following.use_cases import Following
from samovar.services.catalog.wishlist.schemas import FollowedCreator

WRITES = RateLimit(120, per_s=60, by="account")


@get("/v1/followed", auth="player", raises=(InvalidInput,))
async def list_followed(
    caller: Caller, following: Following, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[FollowedCreator]:
    """List whom one follows, the latest first."""
    return await following.list_followed(caller, cursor=cursor, limit=limit)


@put(
    "/v1/followed/{developer_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(CreatorNotFound, ListFull),
)
async def follow_developer(developer_id: UUID, caller: Caller, following: Following) -> FollowedCreator:
    """Hear of what a developer or publisher brings out."""
    return await following.put(caller, developer_id)


@delete("/v1/followed/{developer_id:uuid}", auth="player", rate_limit=WRITES)
async def stop_following_developer(developer_id: UUID, caller: Caller, following: Following) -> None:
    """Hear of it no longer."""
    await following.remove(caller, developer_id)
