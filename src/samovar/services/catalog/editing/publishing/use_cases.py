"""What staff, and the developer service for its release workflow, do with pages: publish drafts, take pages out, put them back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.errors import InvalidInput
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.apps.schemas import AppWrite
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.domain import AppState
from samovar.services.catalog.editing import domain, drafting, repository
from samovar.services.catalog.editing.errors import (
    DraftChanged,
    DraftClashes,
    NothingToPublish,
    NotPublished,
    NotWithdrawn,
    PageIncomplete,
)
from samovar.services.catalog.editing.publishing import belonging
from samovar.services.catalog.editing.publishing.belonging import Game
from samovar.services.catalog.editing.repository import DraftRow
from samovar.services.catalog.editing.schemas import DraftDiff, StoredPage
from samovar.services.catalog.errors import PageChanged
from samovar.services.catalog.schemas import AppDocument


class Publication:
    """Writes the page itself. Who may is decided by its doors."""

    def __init__(self, database: Database, *, writer: AppWriter) -> None:
        self._database = database
        self._writer = writer

    async def show(self, app_id: UUID) -> StoredPage:
        """Return the page as it is in the store.

        Raises:
            AppNotFound: There is no such app.
        """
        return _stored(await drafting.read(self._database, app_id))

    async def show_draft(self, app_id: UUID) -> tuple[DraftRow, DraftDiff, Game | None]:
        """Return the draft of an app with what publishing it would change, and the game that it belongs to.

        Raises:
            AppNotFound: There is no such app.
        """
        row = await drafting.read(self._database, app_id)
        merged = drafting.merged(row)
        has_offer = await repository.has_offer(self._database, app_id)
        document = drafting.typed(merged.document)
        diff = DraftDiff(
            page_version=row.version,
            draft_version=row.draft_version or 0,
            differences=domain.differences(domain.plain(row.page), merged.document),
            clashes=merged.clashes,
            needed=domain.needed(document, has_offer=has_offer),
        )
        return row, diff, await belonging.game_of(self._database, document)

    async def publish(
        self,
        app_id: UUID,
        *,
        account_id: UUID,
        reason: str,
        draft_version: int | None = None,
        draft_id: UUID | None = None,
    ) -> StoredPage:
        """Make the draft the page; without one an app that was never shown is shown as it is.

        Whoever names the draft that was looked at may ask again when the answer was lost: a publication is known by its account and reason.

        Args:
            app_id: Which app.
            account_id: Who publishes.
            reason: Why; it stands in the history.
            draft_version: The one that was looked at.
            draft_id: The draft that this is a version of; another one counts from 1 again.

        Raises:
            AppNotFound: There is no such app.
            DraftChanged: The draft is another one than was looked at.
            NothingToPublish: There is no draft, and the page was shown before.
            DraftClashes: The page was changed since the draft began, in the same fields.
            PageIncomplete: Something is lacking.
            InvalidInput: It names what is no longer there.
            BaseNotPublished: The game that it belongs to is not in the store, or not out yet.
            PageChanged: It came to belong to another game meanwhile.
        """
        async with self._database.transaction() as tx:
            game = await belonging.hold(tx, app_id)
            row = await drafting.take(tx, app_id)
            if draft_version is not None and await repository.wrote_last(
                tx, app_id, row.version, account_id=account_id, reason=reason
            ):
                return _stored(row)
            _refuse_other(row, draft_version, draft_id)
            if row.draft is None and row.state != "draft":
                raise NothingToPublish(row.slug)
            merged = drafting.merged(row)
            if merged.clashes:
                raise DraftClashes(paths=", ".join(clash.path for clash in merged.clashes))
            document = await drafting.judged(tx, self._writer, row, merged.document)
            await self._require_whole(tx, row, document)
            # What was taken out of the store comes back by `restore` alone.
            state: AppState = "published" if row.state == "draft" else row.state
            if state == "published":
                if (document.base or row.slug) != game:
                    raise PageChanged(row.slug)
                await belonging.require_game(tx, document)
            stored = await self._write(tx, row, document, state=state, account_id=account_id, reason=reason)
            await drafting.drop(tx, row)
            return stored

    async def withdraw(self, app_id: UUID, *, account_id: UUID, reason: str) -> StoredPage:
        """Take a page out of the store, and with a game all that belongs to it; libraries keep the apps. Once more changes nothing.

        Raises:
            AppNotFound: There is no such app.
            NotPublished: It was never in the store.
        """
        async with self._database.transaction() as tx:
            await belonging.hold(tx, app_id)
            row = await drafting.take(tx, app_id)
            if row.state == "draft":
                raise NotPublished(row.slug)
            await repository.forget_withdrawn_with_base(tx, app_id)
            await belonging.follow(
                tx, self._writer, row, state="withdrawn", account_id=account_id, reason=reason
            )
            return await self._write(
                tx, row, row.page, state="withdrawn", account_id=account_id, reason=reason
            )

    async def restore(self, app_id: UUID, *, account_id: UUID, reason: str) -> StoredPage:
        """Put a page back that was taken out, and with a game what left with it. Once more changes nothing.

        Raises:
            AppNotFound: There is no such app.
            BaseNotPublished: The game that it belongs to is not in the store, or not out yet.
            NotWithdrawn: It was never in the store.
        """
        async with self._database.transaction() as tx:
            await belonging.hold(tx, app_id)
            row = await drafting.take(tx, app_id)
            if row.state == "draft":
                raise NotWithdrawn(row.slug)
            await belonging.require_game(tx, row.page)
            await repository.forget_withdrawn_with_base(tx, app_id)
            stored = await self._write(
                tx, row, row.page, state="published", account_id=account_id, reason=reason
            )
            await belonging.follow(
                tx, self._writer, row, state="published", account_id=account_id, reason=reason
            )
            return stored

    async def edit(
        self, app_id: UUID, patch: Mapping[str, Any], *, account_id: UUID, reason: str, if_match: str | None
    ) -> StoredPage:
        """Change the page itself, past any draft, which learns of it as of any change.

        Raises:
            AppNotFound: There is no such app.
            PreconditionFailed: It is not the page that the caller has seen.
            InvalidInput: A field breaks a rule.
        """
        async with self._database.transaction() as tx:
            row = await drafting.take(tx, app_id)
            require_match(if_match, _stored(row))
            try:
                document = await drafting.judged(tx, self._writer, row, drafting.patched(row.page, patch))
            except InvalidInput as error:
                # The patch is the field `page` of what was sent.
                fields = [
                    msgspec.structs.replace(one, field=f"page.{one.field}".rstrip("."))
                    for one in error.fields
                ]
                raise InvalidInput(str(error), fields=fields) from None
            return await self._write(tx, row, document, state=row.state, account_id=account_id, reason=reason)

    async def _require_whole(self, tx: Transaction, row: DraftRow, document: AppDocument) -> None:
        lacking = domain.needed(document, has_offer=await repository.has_offer(tx, row.id))
        if lacking:
            raise PageIncomplete(row.slug, fields=lacking)

    async def _write(
        self,
        tx: Transaction,
        row: DraftRow,
        document: AppDocument,
        *,
        state: AppState,
        account_id: UUID,
        reason: str,
    ) -> StoredPage:
        await self._writer.write(
            tx,
            AppWrite(
                document=document,
                app_id=row.id,
                expected_version=row.version,
                state=state,
                account_id=account_id,
                reason=reason,
            ),
        )
        return _stored(await drafting.read(tx, row.id))


def _refuse_other(row: DraftRow, draft_version: int | None, draft_id: UUID | None) -> None:
    if draft_version is not None and draft_version != (row.draft_version or 0):
        raise DraftChanged(f"version {row.draft_version or 0}, not {draft_version}")
    if draft_id is not None and draft_id != row.draft_id:
        raise DraftChanged(f"draft {row.draft_id}, not {draft_id}")


def _stored(row: DraftRow) -> StoredPage:
    return StoredPage(app_id=row.id, state=row.state, version=row.version, page=row.page)
