"""From what the database says of an app to what the text index holds of it."""

from functools import lru_cache
from math import log10

from samovar.services.catalog.search import normaliser
from samovar.services.catalog.search.backend import TextDocument
from samovar.services.catalog.search.schemas import SearchDocument

TEXT_LENGTH_MAX = 6_000
NAMES_MAX = 60
WEIGHT_STEP = 4.0


def text_of(document: SearchDocument, place: int) -> TextDocument:
    """Return what the text index holds of an app."""
    names = (document.title, *document.names)
    titles = [found for title in names if (found := normaliser.words(title))]
    plain = [found for title in names if (found := normaliser.words(title, numerals=False))]
    words = list(dict.fromkeys(word for title in titles for word in title))
    skeletons = [bones for word in words for bones in normaliser.skeletons(word) if len(bones) > 1]
    named = (word for name in document.words[:NAMES_MAX] for word in _name_words(name))
    return TextDocument(
        place=place,
        app_id=document.app_id.bytes,
        words=words,
        starts=normaliser.starts(words),
        joined=list(
            dict.fromkeys(form for title in (*titles, *plain) for form in normaliser.joined_forms(title))
        ),
        whole=list(dict.fromkeys(normaliser.joined(title) for title in (*titles, *plain))),
        skeletons=list(dict.fromkeys(skeletons)),
        names=list(dict.fromkeys(named)),
        russian=_plain(document.texts.get("ru", "")),
        english=_plain(document.texts.get("en", "")),
        weight=weight_of(document.popularity),
    )


def weight_of(popularity: float) -> float:
    """Return what scores are multiplied with: 1 for an unknown app, 2.5 for one of a million."""
    return 1.0 + log10(1.0 + max(0.0, popularity)) / WEIGHT_STEP


@lru_cache(maxsize=8_192)
def _name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that many apps share."""
    return tuple(normaliser.words(name))


def _plain(text: str) -> str:
    return text[:TEXT_LENGTH_MAX].replace("ё", "е").replace("Ё", "Е")
