"""Keeps the lines of terms, creators, apps and changelogs, a batch at a time, in the transaction of whoever calls."""

import struct
from collections.abc import Mapping, Sequence

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput, SamovarError
from samovar.kit.ids import IdSource
from samovar.services.catalog.apps.schemas import AppWrite, CreatorWrite, TermWrite, Written
from samovar.services.catalog.apps.taxonomy import put_creators, put_terms
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.editing.changelog import put_entries
from samovar.services.catalog.editing.schemas import Entry
from samovar.services.catalog.errors import SlugTaken
from samovar.services.catalog.exchange import repository
from samovar.services.catalog.exchange.domain import Verdict
from samovar.services.catalog.exchange.repository import AppKnown
from samovar.services.catalog.exchange.schemas import AppLine, ChangelogLine, CreatorLine, TermLine
from samovar.services.catalog.schemas import AppDocument, Medium, Names

Outcome = Verdict | SamovarError | None
"""None: it was refused before, and nothing is said again."""
Pictures = Mapping[str, Medium]
_OWN_FIELDS = {"origin", "key", "state", "popularity", "organisation_id"}


class PageKeeper:
    """Keeps what pages are made of.

    Each method returns what became of each line, in their order: a line that is refused keeps none of the others out.
    """

    def __init__(self, *, writer: AppWriter, clock: Clock, new_id: IdSource, reason: str) -> None:
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._reason = reason

    async def keep_terms(self, tx: Transaction, lines: Sequence[TermLine]) -> list[Outcome]:
        """Keep terms."""
        known = await repository.find_terms(tx, [line.slug for line in lines])
        wanted: list[TermLine] = []
        outcomes: list[Outcome] = []
        for line in lines:
            before = known.get((line.kind, line.slug))
            is_same = before is not None and msgspec.convert(before.names, Names) == line.names
            outcomes.append("same" if is_same else "changed" if before else "new")
            if not is_same:
                wanted.append(line)
        await put_terms(tx, [TermWrite(kind=line.kind, slug=line.slug, names=line.names) for line in wanted])
        return outcomes

    async def keep_creators(self, tx: Transaction, lines: Sequence[CreatorLine]) -> list[Outcome]:
        """Keep creators; what a line leaves out stays as it is."""
        known = await repository.find_creators(tx, [line.slug for line in lines])
        wanted: list[CreatorLine] = []
        outcomes: list[Outcome] = []
        for line in lines:
            before = known.get(line.slug)
            is_same = before is not None and (
                before.name == line.name
                and line.website in {None, before.website}
                and line.organisation_id in {None, before.organisation_id}
            )
            outcomes.append("same" if is_same else "changed" if before else "new")
            if not is_same:
                wanted.append(line)
        await put_creators(
            tx,
            [
                CreatorWrite(
                    slug=line.slug, name=line.name, website=line.website, organisation_id=line.organisation_id
                )
                for line in wanted
            ],
            clock=self._clock,
            new_id=self._new_id,
        )
        return outcomes

    async def keep_apps(self, tx: Transaction, lines: Sequence[AppLine], pictures: Pictures) -> list[Outcome]:
        """Keep apps; `pictures` are the media of files that are in the store by now."""
        known = await repository.find_apps(tx, [line.page.slug for line in lines])
        wanted: dict[int, AppWrite] = {}
        outcomes: dict[int, Outcome] = {}
        for place, line in enumerate(lines):
            before = known.get(line.page.slug)
            if fault := _fault_of_origin(line, before):
                outcomes[place] = fault
                continue
            try:
                document = document_of(line, pictures)
            except InvalidInput as error:
                outcomes[place] = error
                continue
            wanted[place] = AppWrite(
                document=document,
                app_id=before.id if before else None,
                state=line.state,
                organisation_id=line.organisation_id,
                origin=line.origin,
                origin_key=line.key,
                popularity=_as_real(line.popularity),
                reason=self._reason,
            )
        written = await self._writer.write_many(tx, list(wanted.values()))
        for place, one in zip(wanted, written, strict=True):
            outcomes[place] = _of_page(one) if isinstance(one, SamovarError) else _verdict(one)
        # When an app came out is noted with its page, as of this moment; the operator knows better.
        told = {
            place: one.app_id
            for place, one in zip(wanted, written, strict=True)
            if isinstance(one, Written) and (lines[place].early_access_at or lines[place].released_at)
        }
        moved = await repository.put_releases(
            tx,
            [
                (app_id, lines[place].early_access_at, lines[place].released_at)
                for place, app_id in told.items()
            ],
        )
        outcomes |= {
            place: "changed"
            for place, app_id in told.items()
            if app_id in moved and outcomes[place] == "same"
        }
        return [outcomes[place] for place in range(len(lines))]

    async def keep_changelog(self, tx: Transaction, lines: Sequence[ChangelogLine]) -> list[Outcome]:
        """Keep entries of changelogs."""
        known = await repository.find_apps(tx, [line.app for line in lines])
        entries = {
            place: Entry(
                app_id=known[line.app].id,
                release=line.release,
                texts=line.texts,
                published_at=line.published_at,
            )
            for place, line in enumerate(lines)
            if line.app in known
        }
        verdicts = dict(
            zip(entries, await put_entries(tx, list(entries.values()), new_id=self._new_id), strict=True)
        )
        return [
            verdicts[place] if place in verdicts else unknown("app", "app_unknown", line.app)
            for place, line in enumerate(lines)
        ]


def document_of(line: AppLine, pictures: Pictures) -> AppDocument:
    """Return the page of a line with its files as stored pictures.

    Raises:
        InvalidInput: A file is not among them; the field is `media[place].file`.
    """
    media = []
    for place, medium in enumerate(line.page.media):
        if medium.file is None:
            stored = Medium(
                kind=medium.kind,
                image=medium.image or "",
                width=medium.width or 0,
                height=medium.height or 0,
                alt=medium.alt,
            )
        elif (found := pictures.get(medium.file)) is not None:
            stored = msgspec.structs.replace(found, kind=medium.kind, alt=medium.alt)
        else:
            fault = FieldError(f"page.media[{place}].file", "file_unknown", f"{medium.file} is not there")
            raise InvalidInput(medium.file, fields=[fault])
        media.append(stored)
    fields = {name: getattr(line.page, name) for name in AppDocument.__struct_fields__ if name != "media"}
    return AppDocument(**fields, media=media)


def unknown(field: str, code: str, slug: str) -> InvalidInput:
    """Return the error of a line that names what there is not."""
    return InvalidInput(slug, fields=[FieldError(field, code, f"there is no {slug}")])


def _fault_of_origin(line: AppLine, before: AppKnown | None) -> SamovarError | None:
    """Return why a line may not change the app that has its slug."""
    if before is None:
        return None
    if before.origin != line.origin:
        return SlugTaken(f"{before.slug} is of {before.origin}", slug=before.slug)
    if line.key is not None and line.key != before.origin_key:
        fault = FieldError("key", "never_changes", f"{before.slug} has the key {before.origin_key}")
        return InvalidInput(before.slug, fields=[fault])
    return None


def _of_page(error: SamovarError) -> SamovarError:
    """Return an error of a document as one of its line: the document is its field `page`."""
    if not error.fields:
        return error
    fields = [
        field
        if field.field in _OWN_FIELDS
        else msgspec.structs.replace(field, field=f"page.{field.field}" if field.field else "page")
        for field in error.fields
    ]
    return InvalidInput(str(error), fields=fields)


def _as_real(number: float) -> float:
    """Return a number as the database keeps it, in four bytes: 0.1 must not read otherwise than what is there."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def _verdict(written: Written) -> Verdict:
    if written.is_new:
        return "new"
    return "changed" if written.is_changed else "same"
