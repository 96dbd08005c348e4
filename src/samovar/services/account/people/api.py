"""REST: finding people."""

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page
from samovar.kit.routes import RateLimit, get
from samovar.services.account.people.schemas import FOUND_DEFAULT, FoundLimit, FoundPerson, Query
from samovar.services.account.people.use_cases import People


@get(
    "/v1/accounts",
    auth="player",
    rate_limit=RateLimit(60, by="account", where="cluster"),
    raises=(InvalidInput,),
)
async def find_people(
    query: Query, caller: Caller, people: People, limit: FoundLimit = FOUND_DEFAULT
) -> Page[FoundPerson]:
    """Find people by their display name or unique name, friends first.

    Small mistakes are forgiven, ё and е are one. There is one page: type more to find fewer.
    """
    return await people.find(caller.account_id, query, limit=limit)
