"""Writes pages, for every room that makes or changes them: developers, moderators, imports.

    async with database.transaction() as tx:
        written = await writer.write(tx, AppWrite(document=page, state="draft", reason="a new game"))

A page is one document; columns, ties of tags and credits repeat what is looked for and are written here alone, with the history, the
mark for search and the event.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import Conflict, FieldError, InvalidInput, SamovarError
from samovar.kit.ids import IdSource
from samovar.kit.text.titles import sort_key
from samovar.services.catalog.apps import domain, repository
from samovar.services.catalog.apps.domain import Base, Credit, TagTie, Vocabulary
from samovar.services.catalog.apps.repository import StoredApp
from samovar.services.catalog.apps.schemas import AppWrite, Written
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.domain import BELONGING_KINDS
from samovar.services.catalog.errors import AppNotFound, PageChanged, SlugTaken
from samovar.services.catalog.media import uses
from samovar.services.catalog.media.schemas import StoredImage
from samovar.services.catalog.schemas import AppDocument
from samovar.services.catalog.search import marks

PAGES_MAX = 1_000
RETRY_AFTER_S = 0.1


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    """A page that has passed: the row as it was and as it shall be."""

    wish: AppWrite
    before: StoredApp | None
    after: StoredApp
    credited: list[Credit]

    @property
    def is_new_version(self) -> bool:
        """Whether what others may know of it has changed; how much it is asked for is no part of that."""
        return self.before is None or self.before.version != self.after.version


class AppWriter:
    """Writes pages in the transaction of whoever calls."""

    def __init__(self, *, clock: Clock, new_id: IdSource) -> None:
        self._clock = clock
        self._new_id = new_id

    async def write(self, tx: Transaction, page: AppWrite) -> Written:
        """Write one page.

        Raises:
            AppNotFound: There is no app with this id.
            PageChanged: It is no longer the version that the writer has seen.
            SlugTaken: Another app has the slug.
            InvalidInput: A field breaks a rule, names what there is not, or changes what never changes.
            Conflict: Another writer was faster; trying again makes sense.
        """
        (outcome,) = await self.write_many(tx, [page])
        if isinstance(outcome, SamovarError):
            raise outcome
        return outcome

    async def judge(self, tx: Transaction, document: AppDocument) -> list[FieldError]:
        """Return what is wrong with a page that is not written yet: a draft."""
        return domain.faults_of(document, (await _known(tx, (), [document])).vocabulary)

    async def write_many(self, tx: Transaction, pages: Sequence[AppWrite]) -> list[Written | SamovarError]:
        """Write up to `PAGES_MAX` pages, and say what became of each: one that is refused keeps none of the others out.

        A page may belong to another one of the same call. Of two with one slug the first is written.

        Raises:
            Conflict: Another writer was faster; nothing was written, trying again makes sense.
        """
        if len(pages) > PAGES_MAX:
            raise ValueError(f"{len(pages)} pages at once, at most {PAGES_MAX}")
        stored = await repository.lock_apps(
            tx,
            ids=[page.app_id for page in pages if page.app_id],
            slugs=[page.document.slug for page in pages],
            origins=[(page.origin, page.origin_key) for page in pages if page.origin_key],
        )
        documents = [page.document for page in pages]
        known = await _known(tx, stored, documents)
        outcomes: dict[int, _Change | SamovarError] = {}
        # Games before what belongs to them.
        for place in sorted(
            range(len(pages)), key=lambda place: pages[place].document.kind in BELONGING_KINDS
        ):
            try:
                outcomes[place] = self._change(known, pages[place])
            except SamovarError as refused:
                outcomes[place] = refused
        await self._keep(tx, [one for one in outcomes.values() if isinstance(one, _Change)])
        return [_outcome(outcomes[place]) for place in range(len(pages))]

    def _change(self, known: "_Known", page: AppWrite) -> _Change:
        """Decide what becomes of one page."""
        before = known.find(page)
        document = page.document
        if page.app_id and before is None:
            raise AppNotFound(str(page.app_id))
        if before and page.expected_version not in {None, before.version}:
            raise PageChanged(f"{before.slug}: version {before.version}, not {page.expected_version}")
        faults = [*domain.faults_of(document, known.vocabulary), *_faults_of_change(before, page)]
        if faults:
            raise InvalidInput(document.slug, fields=faults)
        if known.is_taken(document.slug, before):
            raise SlugTaken(document.slug, slug=document.slug)
        after = self._after(before, page, known.vocabulary)
        known.take(after)
        credited = [
            Credit(app_id=after.id, creator_id=known.vocabulary.creators[slug], role=role, place=place)
            for field, role in domain.CREATOR_FIELDS.items()
            for place, slug in enumerate(getattr(document, field))
        ]
        return _Change(wish=page, before=before, after=after, credited=credited)

    def _after(self, before: StoredApp | None, page: AppWrite, vocabulary: Vocabulary) -> StoredApp:
        document, now = page.document, self._clock.now()
        after = StoredApp(
            id=before.id if before else self._new_id(),
            slug=document.slug,
            kind=document.kind,
            base_app_id=vocabulary.bases[document.base].id if document.base else None,
            organisation_id=page.organisation_id or (before.organisation_id if before else None),
            state=page.state,
            stage=document.release.stage,
            released_on=document.release.on,
            title=document.title,
            sort_key=sort_key(document.title),
            age_rating=document.age.rating,
            document=document,
            version=before.version if before else 1,
            origin=before.origin if before else page.origin,
            origin_key=before.origin_key if before else page.origin_key,
            popularity=_popularity(before, page),
            created_at=before.created_at if before else now,
            updated_at=before.updated_at if before else now,
        )
        if before and msgspec.structs.replace(after, popularity=before.popularity) != before:
            after = msgspec.structs.replace(after, version=before.version + 1, updated_at=now)
        return after

    async def _keep(self, tx: Transaction, changes: Sequence[_Change]) -> None:
        written = [one for one in changes if one.after != one.before]
        if not written:
            return
        try:
            await repository.upsert_apps(tx, [one.after for one in written])
        except asyncpg.UniqueViolationError as error:
            raise Conflict(f"written elsewhere meanwhile: {error}", retry_after_s=RETRY_AFTER_S) from error
        changed = [one for one in written if one.is_new_version]
        if changed:
            await self._keep_parts(tx, changed)
            await tx.publish_many([_told(one.after) for one in changed])
        ids = [one.after.id for one in written]
        # Whether a package is sold, and to whom, depends on every app in it: the pages that sell these are read again, too.
        await marks.mark(tx, [*ids, *await repository.list_sellers(tx, ids)])

    async def _keep_parts(self, tx: Transaction, changed: Sequence[_Change]) -> None:
        """Write the history and what is looked for."""
        await repository.insert_versions(
            tx,
            [one.after for one in changed],
            accounts=[one.wish.account_id for one in changed],
            reasons=[one.wish.reason for one in changed],
        )
        await repository.replace_credits(
            tx,
            [one.after.id for one in changed if one.before],
            [credit for one in changed for credit in one.credited],
        )
        await uses.replace(
            tx,
            {
                one.after.id: [medium.image for medium in one.after.document.media]
                for one in changed
                if one.before or one.after.document.media
            },
        )
        ties: dict[UUID, list[TagTie]] = {}
        for tie in await repository.list_tag_ties(tx, [one.after.id for one in changed if one.before]):
            ties.setdefault(tie.app_id, []).append(tie)
        await repository.write_tag_ties(
            tx,
            [
                tie
                for one in changed
                for tie in domain.tag_changes(
                    one.after.id, ties.get(one.after.id, []), one.after.document.tags
                )
            ],
        )


class _Known:
    """What is there already, and what this call adds to it."""

    def __init__(
        self,
        *,
        stored: Sequence[StoredApp],
        creators: Mapping[str, UUID],
        terms: frozenset[tuple[str, str]],
        bases: Sequence[Base],
        images: Mapping[str, StoredImage],
    ) -> None:
        self._by_id = {app.id: app for app in stored}
        self._by_origin = {(app.origin, app.origin_key): app for app in stored if app.origin_key}
        self._holders = {app.slug: app.id for app in stored}
        self._taken: set[str] = set()
        self._bases = {base.slug: base for base in bases}
        self.vocabulary = Vocabulary(terms, creators, self._bases, images)

    def find(self, page: AppWrite) -> StoredApp | None:
        """Return the app that a page is of, if it is there."""
        if page.app_id:
            return self._by_id.get(page.app_id)
        return self._by_origin.get((page.origin, page.origin_key)) if page.origin_key else None

    def is_taken(self, slug: str, before: StoredApp | None) -> bool:
        """Return whether the slug is another app's, or stood in this call before."""
        holder = self._holders.get(slug)
        return slug in self._taken or (holder is not None and (before is None or holder != before.id))

    def take(self, app: StoredApp) -> None:
        """Let others of this call belong to an app, and have its slug no more."""
        self._taken.add(app.slug)
        self._bases[app.slug] = Base(app.id, app.slug, app.kind)


async def _known(tx: Transaction, stored: Sequence[StoredApp], documents: Sequence[AppDocument]) -> _Known:
    return _Known(
        stored=stored,
        creators=await repository.find_creators(tx, domain.creators_named(documents)),
        terms=await repository.find_terms(tx, domain.terms_named(documents)),
        bases=await repository.find_bases(tx, sorted({one.base for one in documents if one.base})),
        images=await uses.hold(tx, {medium.image for one in documents for medium in one.media}),
    )


def _faults_of_change(before: StoredApp | None, page: AppWrite) -> list[FieldError]:
    """Return the faults of what would change and never does."""
    if before is None:
        return []
    changes = {
        "slug": page.document.slug != before.slug,
        "kind": page.document.kind != before.kind,
        "state": page.state == "draft" != before.state,
    }
    return [
        FieldError(field, "never_changes", "it never changes") for field, is_so in changes.items() if is_so
    ]


def _popularity(before: StoredApp | None, page: AppWrite) -> float:
    if page.popularity is not None:
        return page.popularity
    return before.popularity if before else 0.0


def _told(app: StoredApp) -> AppChanged:
    return AppChanged(
        app_id=app.id,
        slug=app.slug,
        title=app.title,
        kind=app.kind,
        base_app_id=app.base_app_id,
        state=app.state,
        stage=app.stage,
        age_rating=app.age_rating,
        organisation_id=app.organisation_id,
        version=app.version,
        changed_at=app.updated_at,
    )


def _outcome(one: _Change | SamovarError) -> Written | SamovarError:
    if isinstance(one, SamovarError):
        return one
    return Written(
        app_id=one.after.id,
        version=one.after.version,
        is_new=one.before is None,
        is_changed=one.is_new_version,
    )
