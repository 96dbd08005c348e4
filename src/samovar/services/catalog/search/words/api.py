"""REST: what people call games, for staff."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.catalog.search.repository import AliasRow
from samovar.services.catalog.search.words.aliases import MEANINGS_MAX
from samovar.services.catalog.search.words.errors import AliasesFull, AliasNotFound
from samovar.services.catalog.search.words.use_cases import SearchAliases

EDIT = "catalog.search.edit"
TEXT_LENGTH_MAX = 120
PAGE = 100
WRITES = RateLimit(120, per_s=60, by="account")

Text = Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH_MAX)]


class AliasWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The titles that an alias is to stand for."""

    titles: Annotated[list[Text], Meta(min_length=1, max_length=MEANINGS_MAX)]


class AliasList(msgspec.Struct, frozen=True):
    """A page of aliases; go on after the last one while a page is full."""

    items: list[AliasRow]


@get("/v1/admin/search-aliases", auth="staff", permissions=(EDIT,))
async def list_search_aliases(search_aliases: SearchAliases, after: Text | None = None) -> AliasList:
    """Return what operators added to the common aliases, in alphabetical order."""
    return AliasList(await search_aliases.page(after, PAGE))


@put(
    "/v1/admin/search-aliases/{alias:str}",
    auth="staff",
    permissions=(EDIT,),
    rate_limit=WRITES,
    raises=(InvalidInput, AliasesFull),
)
async def put_search_alias(alias: Text, data: AliasWish, search_aliases: SearchAliases) -> AliasList:
    """Let an alias stand for titles: «гташка» for «Grand Theft Auto». It counts within a minute."""
    return AliasList(await search_aliases.put(alias, data.titles))


@delete(
    "/v1/admin/search-aliases/{alias:str}",
    auth="staff",
    permissions=(EDIT,),
    rate_limit=WRITES,
    raises=(InvalidInput, AliasNotFound),
)
async def delete_search_alias(alias: Text, search_aliases: SearchAliases) -> None:
    """Let an alias stand for nothing. It counts within a minute."""
    await search_aliases.remove(alias)
