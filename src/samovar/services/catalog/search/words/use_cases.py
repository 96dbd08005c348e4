"""What one can do with the aliases that operators add to the common ones."""

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.catalog.search import normaliser, repository
from samovar.services.catalog.search.repository import AliasRow
from samovar.services.catalog.search.words.aliases import ALIAS_WORDS_MAX, MEANINGS_MAX
from samovar.services.catalog.search.words.errors import AliasesFull, AliasNotFound

ALIASES_MAX = 20_000


class SearchAliases:
    """What people call games, as operators keep it. Each process reads it within a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, after: str | None, limit: int) -> list[AliasRow]:
        """Return aliases in their order, those after one."""
        return await repository.list_aliases(self._database, after or "", limit)

    async def put(self, alias: str, titles: list[str]) -> list[AliasRow]:
        """Let an alias stand for these titles and no others.

        Raises:
            InvalidInput: Nothing of it is a word, it has too many words, or it stands for itself.
            AliasesFull: There are `ALIASES_MAX` already.
        """
        key = _key(alias)
        meanings = {" ".join(normaliser.words(title)): title.strip() for title in titles}
        if "" in meanings or key in meanings:
            raise InvalidInput(
                "titles", fields=[FieldError("titles", "invalid", "words, and other ones than the alias")]
            )
        async with self._database.transaction() as tx:
            if await repository.count_aliases(tx) >= ALIASES_MAX:
                raise AliasesFull(limit=ALIASES_MAX)
            await repository.put_alias(tx, key, list(meanings.values())[:MEANINGS_MAX])
        return [AliasRow(key, title) for title in meanings.values()]

    async def remove(self, alias: str) -> None:
        """Let an alias stand for nothing.

        Raises:
            InvalidInput: Nothing of it is a word.
            AliasNotFound: Nobody added it.
        """
        async with self._database.transaction() as tx:
            if not await repository.remove_alias(tx, _key(alias)):
                raise AliasNotFound


def _key(alias: str) -> str:
    """Return an alias as it is compared."""
    words = normaliser.words(alias)
    if not 0 < len(words) <= ALIAS_WORDS_MAX:
        limit = str(ALIAS_WORDS_MAX)
        fault = FieldError("alias", "invalid", f"1 to {limit} words", limit)
        raise InvalidInput("alias", fields=[fault])
    return " ".join(words)
