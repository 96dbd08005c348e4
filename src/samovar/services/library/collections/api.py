"""REST: collections."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, delete, get, patch, post
from samovar.services.library.collections.errors import (
    CollectionNameTaken,
    CollectionNotFound,
    CollectionsFull,
    TooManyCollections,
)
from samovar.services.library.collections.schemas import (
    Collection,
    CollectionChange,
    CollectionList,
    GamesChange,
    NewCollection,
)
from samovar.services.library.collections.use_cases import Collections

BODY_BYTES_MAX = 65_536
_COLLECTIONS = "/v1/collections"
_COLLECTION = _COLLECTIONS + "/{collection_id:uuid}"
_WRITTEN = RateLimit(240, per_s=60, by="account")


@get(_COLLECTIONS, auth="player")
async def list_collections(caller: Caller, collections: Collections) -> CollectionList:
    """List all collections in their order: a hundred at most."""
    return await collections.list_all(caller.account_id)


@post(
    _COLLECTIONS,
    auth="player",
    rate_limit=_WRITTEN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, CollectionNameTaken, TooManyCollections, CollectionsFull),
)
async def make_collection(data: NewCollection, caller: Caller, collections: Collections) -> Collection:
    """Make a collection. Sent again, its name is taken."""
    return await collections.make(caller.account_id, data)


@patch(
    _COLLECTION,
    auth="player",
    idempotent=True,
    rate_limit=_WRITTEN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, CollectionNotFound, CollectionNameTaken),
)
async def change_collection(
    collection_id: UUID, data: CollectionChange, caller: Caller, collections: Collections
) -> Collection:
    """Rename a collection, or move it among the others."""
    return await collections.change(caller.account_id, collection_id, data)


@delete(
    _COLLECTION,
    auth="player",
    # Told again, it is gone already, which would be answered 404.
    idempotent=False,
    rate_limit=_WRITTEN,
    raises=(CollectionNotFound,),
)
async def delete_collection(collection_id: UUID, caller: Caller, collections: Collections) -> None:
    """Delete a collection; its games stay in the library."""
    await collections.delete(caller.account_id, collection_id)


@patch(
    _COLLECTION + "/games",
    auth="player",
    idempotent=True,
    rate_limit=_WRITTEN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, CollectionNotFound, CollectionsFull),
)
async def change_games_of_collection(
    collection_id: UUID, data: GamesChange, caller: Caller, collections: Collections
) -> Collection:
    """Put games into a collection and take others out."""
    return await collections.change_games(caller.account_id, collection_id, data)
