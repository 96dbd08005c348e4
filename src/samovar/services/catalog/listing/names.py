"""What the values of facets are called: words of the taxonomy and creators by the database, all else by the message catalogue."""

from collections.abc import Mapping, Sequence

from samovar.kit.database import Database
from samovar.kit.i18n import Catalogue
from samovar.services.catalog.domain import Language, TermKind
from samovar.services.catalog.listing import repository
from samovar.services.catalog.listing.schemas import FacetValue
from samovar.services.catalog.search.schemas import FacetCount

_TERMS: tuple[TermKind, ...] = ("tag", "genre", "category", "feature", "series")
# Groups whose values are languages of people, called alike.
_SPEECH = frozenset({"voice", "subtitles"})


class FacetNames:
    """Names values."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def of(
        self, facets: Mapping[str, Sequence[FacetCount]], language: Language
    ) -> dict[str, list[FacetValue]]:
        """Return the same counts with the names of their values."""
        terms = {kind: [one.value for one in facets.get(kind, ())] for kind in _TERMS}
        creators = [one.value for one in facets.get("creator", ())]
        known = (
            await repository.find_names(self._database, terms=terms, creators=creators, language=language)
            if creators or any(terms.values())
            else {}
        )
        return {
            group: [
                FacetValue(
                    one.value,
                    known.get((group, one.value)) or self._name(group, one.value, language),
                    one.count,
                )
                for one in counted
            ]
            for group, counted in facets.items()
        }

    def _name(self, group: str, value: str, language: Language) -> str:
        key = f"catalog.facet.{'language' if group in _SPEECH else group}.{value}"
        return self._catalogue.text(key, language) if key in self._catalogue else value
