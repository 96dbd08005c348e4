"""The rules of a page, and what it is taken apart into. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.countries import unknown_countries
from samovar.services.catalog.domain import BELONGING_KINDS, TAG_BANNED, AppKind, TermKind, tag_weight
from samovar.services.catalog.lines import faults_of_names
from samovar.services.catalog.media.schemas import StoredImage
from samovar.services.catalog.schemas import AppDocument

TERM_FIELDS: Mapping[str, TermKind] = {
    "genres": "genre",
    "categories": "category",
    "features": "feature",
    "tags": "tag",
}
CREATOR_FIELDS = {"developers": "developer", "publishers": "publisher"}
_NUL_IN_JSON = b"\\u0000"


class Base(msgspec.Struct, frozen=True):
    """An app that others may belong to."""

    id: UUID
    slug: str
    kind: AppKind


class Vocabulary(msgspec.Struct, frozen=True):
    """What a page may name.

    Attributes:
        terms: Kind and slug.
        creators: Slug to id.
        bases: By slug.
    """

    terms: frozenset[tuple[str, str]]
    creators: Mapping[str, UUID]
    bases: Mapping[str, Base]
    images: Mapping[str, StoredImage]


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """That a creator made or publishes an app; `place` is that in the page's list."""

    app_id: UUID
    creator_id: UUID
    role: str
    place: int


class TagTie(msgspec.Struct, frozen=True, kw_only=True):
    """What ties a tag to an app; see the table `app_tags`."""

    app_id: UUID
    tag: str
    developer_place: int | None = None
    player_votes: int = 0
    moderator_weight: int = 0

    @property
    def weight(self) -> int:
        """What lists and search order by; a banned tag weighs what the moderator said."""
        if self.moderator_weight <= TAG_BANNED:
            return TAG_BANNED
        return tag_weight(
            developer_place=self.developer_place,
            player_votes=self.player_votes,
            moderator_weight=self.moderator_weight,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nobody ties the tag any more."""
        return self.developer_place is None and not self.player_votes and not self.moderator_weight


def faults_of(document: AppDocument, vocabulary: Vocabulary) -> list[FieldError]:
    """Return what is wrong with a page, beyond what its types say."""
    return [
        *_faults_of_texts(document),
        *_faults_of_names(document, vocabulary),
        *_faults_of_base(document, vocabulary),
        *_faults_of_release(document),
        *_faults_of_media(document, vocabulary),
        *unknown_countries(document.visible.only_in or [], "visible.only_in"),
        *unknown_countries(document.visible.except_in, "visible.except_in"),
    ]


def creators_named(documents: Sequence[AppDocument]) -> list[str]:
    """Return the slugs of all creators that these pages name."""
    return sorted({slug for one in documents for slug in (*one.developers, *one.publishers)})


def terms_named(documents: Sequence[AppDocument]) -> list[tuple[str, str]]:
    """Return kind and slug of all terms that these pages name."""
    named = {
        (kind, slug)
        for one in documents
        for field, kind in TERM_FIELDS.items()
        for slug in getattr(one, field)
    }
    return sorted(named | {("series", one.series) for one in documents if one.series})


def tag_changes(app_id: UUID, before: Sequence[TagTie], tags: Sequence[str]) -> list[TagTie]:
    """Return the ties that the developer's list makes otherwise than they were."""
    places = {tag: place for place, tag in enumerate(tags)}
    known = {tie.tag: tie for tie in before}
    wanted = [
        msgspec.structs.replace(
            known.get(tag) or TagTie(app_id=app_id, tag=tag), developer_place=places.get(tag)
        )
        for tag in {**known, **places}
    ]
    return [tie for tie in wanted if tie != known.get(tie.tag)]


def _faults_of_texts(document: AppDocument) -> Iterator[FieldError]:
    if not document.texts:
        yield FieldError("texts", "missing", "a text in Russian or English is needed")
    yield from _faults_of_named(document)
    lines = {"title": document.title, **{f"aliases[{i}]": alias for i, alias in enumerate(document.aliases)}}
    for language, text in document.texts.items():
        lines[f"texts.{language}.short_description"] = text.short_description
        if text.title is not None:
            lines[f"texts.{language}.title"] = text.title
    for field, line in lines.items():
        if not is_visible_line(line):
            yield FieldError(field, "unprintable", "no visible line")
    if _NUL_IN_JSON in msgspec.json.encode(document):
        for field, written in _written(msgspec.to_builtins(document), ""):
            if "\0" in written:
                yield FieldError(field, "nul", "text cannot hold a NUL")


def _faults_of_named(document: AppDocument) -> Iterator[FieldError]:
    named = {f"media[{place}].alt": medium.alt for place, medium in enumerate(document.media)}
    for field, names in {"release.promise": document.release.promise, **named}.items():
        yield from faults_of_names(names, field) if names else ()


def _written(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a document with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _written(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _written(inner, f"{path}[{place}]")


def _faults_of_names(document: AppDocument, vocabulary: Vocabulary) -> Iterator[FieldError]:
    for field, kind in TERM_FIELDS.items():
        yield from _twice(field, slugs := getattr(document, field))
        for place, slug in enumerate(slugs):
            if (kind, slug) not in vocabulary.terms:
                yield FieldError(f"{field}[{place}]", "term_unknown", f"there is no {kind} {slug}")
    if document.series and ("series", document.series) not in vocabulary.terms:
        yield FieldError("series", "term_unknown", f"there is no series {document.series}")
    for field in CREATOR_FIELDS:
        yield from _twice(field, slugs := getattr(document, field))
        for place, slug in enumerate(slugs):
            if slug not in vocabulary.creators:
                yield FieldError(f"{field}[{place}]", "creator_unknown", f"there is no creator {slug}")
    yield from _twice("platforms", document.platforms)
    yield from _twice("languages", [language.code for language in document.languages])
    yield from _twice("requirements", [(one.platform, one.level) for one in document.requirements])


def _twice(field: str, values: Sequence[object]) -> Iterator[FieldError]:
    for place, value in enumerate(values):
        if value in values[:place]:
            yield FieldError(f"{field}[{place}]", "twice", "it is in the list already")


def _faults_of_base(document: AppDocument, vocabulary: Vocabulary) -> Iterator[FieldError]:
    belongs = document.kind in BELONGING_KINDS
    if belongs and document.base is None:
        yield FieldError("base", "missing", f"a {document.kind} belongs to a game")
    elif not belongs and document.base is not None:
        yield FieldError("base", "base_not_allowed", f"a {document.kind} belongs to nothing")
    elif document.base is not None:
        base = vocabulary.bases.get(document.base)
        if base is None:
            yield FieldError("base", "base_unknown", f"there is no app {document.base}")
        elif base.kind in BELONGING_KINDS:
            yield FieldError("base", "base_unknown", f"{document.base} is no game itself")


def _faults_of_release(document: AppDocument) -> Iterator[FieldError]:
    release = document.release
    if release.on and release.early_access_on and release.early_access_on > release.on:
        yield FieldError(
            "release.early_access_on", "early_access_late", "early access begins before the release"
        )


def _faults_of_media(document: AppDocument, vocabulary: Vocabulary) -> Iterator[FieldError]:
    for place, medium in enumerate(document.media):
        stored = vocabulary.images.get(medium.image)
        if stored is None:
            yield FieldError(f"media[{place}].image", "image_unknown", "there is no such picture")
        elif (stored.width, stored.height) != (medium.width, medium.height):
            size = f"{stored.width} × {stored.height}"
            yield FieldError(f"media[{place}].width", "image_other_size", f"it is {size}", limit=size)
