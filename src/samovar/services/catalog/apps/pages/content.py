"""What a page says that is the same for every reader of a language: kept in the cache. Who may see which part is decided behind it."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec

from samovar.services.catalog.apps.pages.repository import PageRow, Related
from samovar.services.catalog.apps.pages.schemas import (
    AgeSeen,
    ChangelogEntry,
    CreatorSeen,
    LanguageSeen,
    MediumSeen,
    ReleaseSeen,
    RequirementsSeen,
)
from samovar.services.catalog.apps.schemas import Card, Named
from samovar.services.catalog.domain import EVERYWHERE, Availability, Language, Viewer, media_url
from samovar.services.catalog.reviews.scores import Counts
from samovar.services.catalog.schemas import AppText, Names

T = TypeVar("T", bound=msgspec.Struct)
_OTHER: dict[Language, Language] = {"ru": "en", "en": "ru"}


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """An app that the page shows beside its own, and who may see it."""

    card: Card
    age_rating: int
    visible: Availability

    def is_shown_to(self, viewer: Viewer) -> bool:
        """Return whether a viewer may see it."""
        return viewer.may_see(self.age_rating, self.visible)


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A page in one language, without prices.

    Attributes:
        belonging: What belongs to the app, the latest first.
        base: What the app belongs to.
    """

    card: Card
    language: Language
    original_title: str
    description: str
    aliases: list[str]
    media: list[MediumSeen]
    languages: list[LanguageSeen]
    requirements: list[RequirementsSeen]
    genres: list[Named]
    categories: list[Named]
    features: list[Named]
    series: Named | None
    developers: list[CreatorSeen]
    publishers: list[CreatorSeen]
    age: AgeSeen
    release: ReleaseSeen
    website: str | None
    licence: str | None
    changelog: ChangelogEntry | None
    reviews: Counts
    belonging: list[Beside]
    base: Beside | None


def content_of(
    row: PageRow, language: Language, *, card: Card, related: list[Related], cards: dict[UUID, Card]
) -> Content:
    """Put a page together."""
    document, release = row.document, row.document.release
    spoken = language if language in document.texts else _OTHER[language]
    text: AppText = document.texts[spoken]
    beside = [
        Beside(card=cards[one.id], age_rating=one.age_rating, visible=one.visible or EVERYWHERE)
        for one in related
        if one.id in cards
    ]
    belongs_to = [one for one in beside if one.card.slug == document.base]
    words = {
        kind: [Named(slug=term.slug, name=term.name) for term in row.terms if term.kind == kind]
        for kind in ("genre", "category", "feature", "series")
    }
    credited = {
        role: [
            CreatorSeen(id=one.id, slug=one.slug, name=one.name) for one in row.credited if one.role == role
        ]
        for role in ("developer", "publisher")
    }
    return Content(
        card=card,
        language=spoken,
        original_title=document.title,
        description=text.description,
        aliases=document.aliases,
        media=[
            MediumSeen(
                kind=one.kind,
                url=media_url(one.image),
                width=one.width,
                height=one.height,
                alt=_in(language, one.alt),
            )
            for one in document.media
        ],
        languages=[_seen(one, LanguageSeen) for one in document.languages],
        requirements=[_seen(one, RequirementsSeen) for one in document.requirements],
        genres=words["genre"],
        categories=words["category"],
        features=words["feature"],
        series=next(iter(words["series"]), None),
        developers=credited["developer"],
        publishers=credited["publisher"],
        age=_seen(document.age, AgeSeen),
        release=ReleaseSeen(
            stage=release.stage,
            on=release.on,
            early_access_on=release.early_access_on,
            promise=_in(language, release.promise),
        ),
        website=document.website,
        licence=document.licence,
        changelog=row.changelog,
        reviews=row.reviews or Counts(),
        belonging=[one for one in beside if one not in belongs_to],
        base=next(iter(belongs_to), None),
    )


def _seen(value: Any, kind: type[T]) -> T:
    """Return a part of a document with all its fields, as it travels."""
    return msgspec.convert(value, kind, from_attributes=True)


def _in(language: Language, names: Names | None) -> str | None:
    if names is None:
        return None
    return names.en or names.ru if language == "en" else names.ru
