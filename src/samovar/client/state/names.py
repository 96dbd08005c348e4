"""Names that come in several languages, in that of the reader."""

from collections.abc import Mapping

from samovar.language.formats import LANGUAGES


def name_of(names: Mapping[str, str], language: str, instead: str = "") -> str:
    """Return the name in a language, else in another one, else `instead`."""
    for one in (language, *LANGUAGES):
        if names.get(one):
            return names[one]
    return next(iter(names.values()), instead)
