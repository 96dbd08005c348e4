"""What one can see of words and creators."""

import msgspec

from samovar.kit.database import Database
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.text.titles import sort_key
from samovar.services.catalog.apps.names import id_of
from samovar.services.catalog.apps.schemas import Named
from samovar.services.catalog.apps.vocabulary import repository
from samovar.services.catalog.apps.vocabulary.schemas import Creator
from samovar.services.catalog.domain import Language, TermKind
from samovar.services.catalog.errors import CreatorNotFound

# All of a kind are read and ordered at once; the largest kind, tags, has some hundreds.
TERMS_MAX = 5_000


class NameKey(msgspec.Struct, frozen=True):
    """By what words are ordered."""

    name: str
    slug: str


class Vocabulary:
    """The words and people that pages name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def terms(
        self, kind: TermKind, language: Language, *, limit: int, cursor: str | None
    ) -> Page[Named]:
        """Return the words of a kind, in the order of their names. The gateway keeps them until they change."""
        after = decode_cursor(cursor, NameKey)
        known = sorted(await repository.list_terms(self._database, kind, language, TERMS_MAX), key=_place)
        left = known if after is None else [one for one in known if _place(one) > (after.name, after.slug)]
        return page_of(left[: limit + 1], limit, lambda one: NameKey(*_place(one)), total=len(known))

    async def creator(self, creator: str) -> Creator:
        """Return a creator, by its id or slug.

        Raises:
            CreatorNotFound: There is none.
        """
        creator_id = id_of(creator)
        if creator_id:
            found = await repository.find_creator_by_id(self._database, creator_id)
        else:
            found = await repository.find_creator_by_slug(self._database, creator)
        if found is None:
            raise CreatorNotFound(creator)
        return found


def _place(term: Named) -> tuple[str, str]:
    return sort_key(term.name), term.slug
