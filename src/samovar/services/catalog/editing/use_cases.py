"""What developers do with their pages: make apps, edit drafts, look at what differs and at the history."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.apps.schemas import AppWrite
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.editing import domain, drafting, repository
from samovar.services.catalog.editing.changelog import put_entries
from samovar.services.catalog.editing.errors import DraftClashes, TooManyDrafts, VersionNotFound
from samovar.services.catalog.editing.repository import DraftRow, VersionRow
from samovar.services.catalog.editing.schemas import (
    ChangelogEntry,
    ChangelogWish,
    Draft,
    DraftDiff,
    Entry,
    NewApp,
    OwnApp,
    Version,
    VersionPage,
)
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.schemas import AppDocument, AppText

DRAFTS_PER_ORGANISATION_MAX = 500
FIRST_RELEASE = datetime(1950, 1, 1, tzinfo=UTC)


class _AppKey(msgspec.Struct, frozen=True):
    updated_at: datetime
    id: UUID


class _VersionKey(msgspec.Struct, frozen=True):
    version: int


class Drafts:
    """Pages as they shall be; the public ones stay as they are."""

    def __init__(
        self,
        database: Database,
        *,
        rights: Rights,
        writer: AppWriter,
        clock: Clock,
        new_id: IdSource,
        drafts_max: int = DRAFTS_PER_ORGANISATION_MAX,
    ) -> None:
        self._database = database
        self._rights = rights
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._drafts_max = drafts_max

    async def create(self, caller: Caller, new: NewApp) -> Draft:
        """Make an app that nobody sees yet. Whoever edits a game of the organisation may make what belongs to that.

        Raises:
            AppNotFound: The caller may not make such an app in this organisation.
            TooManyDrafts: It has too many that were never shown.
            SlugTaken: Another app has the slug.
            InvalidInput: A field breaks a rule.
        """
        document = AppDocument(
            slug=new.slug,
            kind=new.kind,
            title=new.title,
            texts={"ru": AppText(short_description=new.short_description)},
            base=new.base,
            release=new.release,
            age=new.age,
        )
        async with self._database.transaction() as tx:
            base = await repository.find_by_slug(tx, new.base) if new.base else None
            if not self._rights.allow(
                caller, "editor", organisation_id=new.organisation_id, app_id=base.id if base else None
            ):
                raise AppNotFound(f"no right in {new.organisation_id}")
            if new.base:
                await drafting.require_base(tx, self._rights, caller, new.base, new.organisation_id)
            if await repository.count_drafts(tx, new.organisation_id) >= self._drafts_max:
                raise TooManyDrafts(limit=self._drafts_max)
            written = await self._writer.write(
                tx,
                AppWrite(
                    document=document,
                    state="draft",
                    organisation_id=new.organisation_id,
                    account_id=caller.account_id,
                    reason="a new app",
                ),
            )
            return drafting.shown(await drafting.read(tx, written.app_id))

    async def mine(
        self, caller: Caller, organisation_id: UUID | None, cursor: str | None, limit: int
    ) -> Page[OwnApp]:
        """Return the apps that the caller edits or looks after; staff sees all."""
        after = decode_cursor(cursor, _AppKey)
        whole = {grant.organisation_id for grant in caller.grants if grant.game_id is None}
        games = [
            (grant.organisation_id, grant.game_id) for grant in caller.grants if grant.game_id is not None
        ]
        organisations = None if self._rights.is_staff(caller) else sorted(whole)
        if organisation_id is not None:
            is_theirs = organisations is None or organisation_id in whole
            organisations, games = ([organisation_id] if is_theirs else []), []
        rows = await repository.list_apps(
            self._database,
            organisation_ids=organisations,
            games=games,
            after=(after.updated_at, after.id) if after else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: _AppKey(row.updated_at, row.app_id))

    async def show(self, caller: Caller, app_id: UUID) -> Draft:
        """Return the draft of an app.

        Raises:
            AppNotFound: There is none, or none that the caller may edit.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        return drafting.shown(await drafting.read(self._database, app_id))

    async def change(
        self, caller: Caller, app_id: UUID, patch: Mapping[str, Any], if_match: str | None
    ) -> Draft:
        """Change the draft, which begins with that where there is none.

        Raises:
            AppNotFound: There is none, or none that the caller may edit.
            PreconditionFailed: It is not the one that the caller has seen.
            InvalidInput: A field breaks a rule.
        """
        async with self._database.transaction() as tx:
            row = await self._take(tx, caller, app_id)
            require_match(if_match, drafting.shown(row))
            document = await drafting.judged(
                tx, self._writer, row, drafting.patched(drafting.mine(row), patch)
            )
            if document.base and document.base != row.page.base:
                await drafting.require_base(tx, self._rights, caller, document.base, row.organisation_id)
            return await self._keep(tx, caller, row, document, base_version=row.base_version or row.version)

    async def diff(self, caller: Caller, app_id: UUID) -> DraftDiff:
        """Return what publishing the draft would change.

        Raises:
            AppNotFound: There is none, or none that the caller may edit.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        row = await drafting.read(self._database, app_id)
        merged = drafting.merged(row)
        document = drafting.typed(merged.document)
        has_offer = await repository.has_offer(self._database, app_id)
        return DraftDiff(
            page_version=row.version,
            draft_version=row.draft_version or 0,
            differences=domain.differences(domain.plain(row.page), merged.document),
            clashes=merged.clashes,
            needed=domain.needed(document, has_offer=has_offer),
        )

    async def merge(
        self, caller: Caller, app_id: UUID, choices: Mapping[str, str], if_match: str | None
    ) -> Draft:
        """Bring the draft to the page as it is now.

        Raises:
            AppNotFound: There is none, or none that the caller may edit.
            PreconditionFailed: It is not the one that the caller has seen.
            DraftClashes: Nothing was chosen for a field that both have changed.
            InvalidInput: What was chosen does not go together.
        """
        async with self._database.transaction() as tx:
            row = await self._take(tx, caller, app_id)
            require_match(if_match, drafting.shown(row))
            merged = drafting.merged(row, choices)
            if merged.clashes:
                raise DraftClashes(paths=", ".join(clash.path for clash in merged.clashes))
            document = await drafting.judged(tx, self._writer, row, merged.document)
            return await self._keep(tx, caller, row, document, base_version=row.version)

    async def discard(self, caller: Caller, app_id: UUID) -> None:
        """Drop the draft.

        Raises:
            AppNotFound: There is none, or none that the caller may edit.
        """
        async with self._database.transaction() as tx:
            await drafting.drop(tx, await self._take(tx, caller, app_id))

    async def _take(self, tx: Transaction, caller: Caller, app_id: UUID) -> DraftRow:
        await self._rights.require(tx, caller, app_id, "editor")
        return await drafting.take(tx, app_id)

    async def _keep(
        self, tx: Transaction, caller: Caller, row: DraftRow, document: AppDocument, *, base_version: int
    ) -> Draft:
        if document != drafting.mine(row) or base_version != (row.base_version or row.version):
            await drafting.keep(
                tx,
                row,
                document,
                base_version=base_version,
                account_id=caller.account_id,
                now=self._clock.now(),
                new_id=self._new_id,
            )
        return drafting.shown(await drafting.read(tx, row.id))


class History:
    """Every page that there ever was, and what changed in releases."""

    def __init__(
        self, database: Database, *, rights: Rights, writer: AppWriter, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._rights = rights
        self._writer = writer
        self._clock = clock
        self._new_id = new_id

    async def list(self, caller: Caller, app_id: UUID, cursor: str | None, limit: int) -> Page[Version]:
        """Return the versions of a page, the newest first.

        Raises:
            AppNotFound: There is none, or none that the caller may edit.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        before = decode_cursor(cursor, _VersionKey)
        rows = await repository.list_versions(
            self._database, app_id, before=before.version if before else None, limit=limit + 1
        )
        return page_of(rows, limit, lambda row: _VersionKey(row.version))

    async def show(self, caller: Caller, app_id: UUID, version: int) -> VersionPage:
        """Return a version, whole.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            VersionNotFound: It has no such version.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        row = await _version(self._database, app_id, version)
        before = domain.plain(row.before) if row.before else {}
        return VersionPage(
            version=Version(
                version=row.version, account_id=row.account_id, reason=row.reason, changed_at=row.changed_at
            ),
            page=row.document,
            differences=domain.differences(before, domain.plain(row.document)),
        )

    async def restore(self, caller: Caller, app_id: UUID, version: int, if_match: str | None) -> Draft:
        """Put an old version into the draft, from where it is published as any other.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            VersionNotFound: It has no such version.
            PreconditionFailed: The draft is not the one that the caller has seen.
            InvalidInput: It names what is no longer there.
        """
        async with self._database.transaction() as tx:
            await self._rights.require(tx, caller, app_id, "editor")
            row = await drafting.take(tx, app_id)
            require_match(if_match, drafting.shown(row))
            old = await _version(tx, app_id, version)
            document = await drafting.judged(tx, self._writer, row, domain.plain(old.document))
            await drafting.keep(
                tx,
                row,
                document,
                base_version=row.version,
                account_id=caller.account_id,
                now=self._clock.now(),
                new_id=self._new_id,
            )
            return drafting.shown(await drafting.read(tx, app_id))

    async def note(self, caller: Caller, app_id: UUID, wish: ChangelogWish) -> ChangelogEntry:
        """Say what changed in a release; the same release and moment again replaces the text.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            InvalidInput: The moment is still to come, or the release has no name that one sees, or nothing is said of it.
        """
        now = self._clock.now()
        published_at = wish.published_at or now
        faults = domain.faults_of_entry(wish.release, {"ru": wish.texts.ru, "en": wish.texts.en})
        if published_at > now:
            faults.append(FieldError("published_at", "in_future", "it is still to come"))
        if published_at < FIRST_RELEASE:
            faults.append(FieldError("published_at", "invalid", "nothing came out so early"))
        if faults:
            raise InvalidInput("an entry of a changelog breaks a rule", fields=faults)
        entry = Entry(app_id=app_id, release=wish.release, texts=wish.texts, published_at=published_at)
        async with self._database.transaction() as tx:
            await self._rights.require(tx, caller, app_id, "editor")
            await put_entries(tx, [entry], new_id=self._new_id)
        return ChangelogEntry(release=entry.release, texts=entry.texts, published_at=published_at)


async def _version(reader: repository.Reader, app_id: UUID, version: int) -> VersionRow:
    row = await repository.find_version(reader, app_id, version)
    if row is None:
        raise VersionNotFound(f"{app_id}: {version}")
    return row
