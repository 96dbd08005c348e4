"""Names of creators and words of the taxonomy, to be suggested to whoever has typed their beginning."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Literal, NamedTuple

from samovar.services.catalog.search import normaliser

FIRST_MAX = 200


class Named(NamedTuple):
    """A name as it is shown, of a creator or a tag."""

    spelling: str
    kind: Literal["creator", "tag"]
    slug: str
    name: str


class NameList:
    """Names in the order of their spelling.

    Args:
        creators: Names by slug.
        terms: Names by language, by kind and slug.
    """

    def __init__(
        self,
        creators: Mapping[str, str] | None = None,
        terms: Mapping[tuple[str, str], Mapping[str, str | None]] | None = None,
    ) -> None:
        self._names = sorted(
            named for named in (*_creators(creators or {}), *_terms(terms or {})) if named.spelling
        )

    def beginning(self, typed: str) -> Iterator[Named]:
        """Yield the names that begin with what was typed, in their order, `FIRST_MAX` at most."""
        spelling = normaliser.normalise(typed)
        start = bisect_left(self._names, spelling, key=lambda named: named.spelling)
        for named in islice(self._names, start, start + FIRST_MAX):
            if not named.spelling.startswith(spelling):
                return
            yield named


def _creators(creators: Mapping[str, str]) -> Iterator[Named]:
    for slug, name in creators.items():
        yield Named(normaliser.normalise(name), "creator", slug, name)


def _terms(terms: Mapping[tuple[str, str], Mapping[str, str | None]]) -> Iterator[Named]:
    for (kind, slug), names in terms.items():
        for name in dict.fromkeys(names.values()):
            if kind == "tag" and name:
                yield Named(normaliser.normalise(name), "tag", slug, name)
