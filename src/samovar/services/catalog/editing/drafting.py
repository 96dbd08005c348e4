"""Reads and keeps drafts, for every use case that edits; each function takes the transaction first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.rest.problems import rules_broken
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.editing import domain, repository
from samovar.services.catalog.editing.domain import Merged
from samovar.services.catalog.editing.repository import DraftRow, Reader
from samovar.services.catalog.editing.schemas import Draft
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.media import uses
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.schemas import AppDocument


async def read(reader: Reader, app_id: UUID) -> DraftRow:
    """Return an app with its draft.

    Raises:
        AppNotFound: There is no such app.
    """
    row = await repository.find_draft(reader, app_id)
    if row is None:
        raise AppNotFound(str(app_id))
    return row


async def take(tx: Transaction, app_id: UUID) -> DraftRow:
    """Return an app with its draft, and let nobody else edit it until the end of the transaction.

    Raises:
        AppNotFound: There is no such app.
    """
    # The lock comes in a statement of its own: the one that waits for it sees the draft as it was before.
    await repository.lock_app(tx, app_id)
    return await read(tx, app_id)


async def keep(
    tx: Transaction,
    row: DraftRow,
    document: AppDocument,
    *,
    base_version: int,
    account_id: UUID,
    now: datetime,
    new_id: IdSource,
) -> None:
    """Write the draft of an app, with its pictures; one that is the page itself is dropped."""
    if document == row.page and base_version == row.version:
        await drop(tx, row)
        return
    draft_id = row.draft_id or new_id()
    await repository.put_draft(
        tx,
        row.id,
        document,
        draft_id=draft_id,
        base_version=base_version,
        version=(row.draft_version or 0) + 1,
        account_id=account_id,
        now=now,
    )
    await uses.replace(tx, {draft_id: [medium.image for medium in document.media]})


async def drop(tx: Transaction, row: DraftRow) -> None:
    """Drop the draft of an app, if it has one."""
    if row.draft_id:
        await repository.delete_draft(tx, row.id)
        await uses.replace(tx, {row.draft_id: []})


async def judged(
    tx: Transaction, writer: AppWriter, row: DraftRow, changed: Mapping[str, Any]
) -> AppDocument:
    """Return what was made of a page as a document.

    Raises:
        InvalidInput: It breaks a rule; the fields name which.
    """
    document = typed(changed)
    faults = await writer.judge(tx, document)
    faults += [
        FieldError(name, "never_changes", "it never changes")
        for name in ("slug", "kind")
        if getattr(document, name) != getattr(row.page, name)
    ]
    if faults:
        raise InvalidInput(row.slug, fields=faults)
    return document


async def require_base(
    reader: Reader, rights: Rights, caller: Caller, slug: str, organisation_id: UUID | None
) -> None:
    """Refuse what would belong to a game of another organisation: its page would show what is not its own. Staff may.

    Raises:
        InvalidInput: As where there is no such game.
    """
    base = await repository.find_by_slug(reader, slug)
    if base and base.organisation_id != organisation_id and not rights.is_staff(caller):
        raise InvalidInput(slug, fields=[FieldError("base", "base_unknown", "there is no such game")])


def typed(plain: Mapping[str, Any]) -> AppDocument:
    """Return a plain page as a document.

    Raises:
        InvalidInput: It breaks a rule of its type; the field names which.
    """
    try:
        return msgspec.convert(plain, AppDocument)
    except msgspec.ValidationError as error:
        raise InvalidInput(str(error), fields=[rules_broken(error)]) from None


def patched(document: AppDocument, patch: Mapping[str, Any]) -> domain.Plain:
    """Return a page with a merge patch applied.

    Raises:
        InvalidInput: It has too many levels.
    """
    try:
        return domain.patched(domain.plain(document), patch)
    except domain.TooDeep:
        limit = str(domain.DEPTH_MAX)
        fault = FieldError("", "too_deep", f"at most {limit} levels", limit=limit)
        raise InvalidInput("too deep", fields=[fault]) from None


def mine(row: DraftRow) -> AppDocument:
    """Return the draft, or the page where there is none."""
    return row.draft or row.page


def merged(row: DraftRow, choices: Mapping[str, str] | None = None) -> Merged:
    """Return the draft brought to the page as it is now."""
    theirs = domain.plain(row.page)
    if row.draft is None:
        return Merged(theirs, [])
    base = domain.plain(row.base) if row.base else {}
    return domain.three_way(base, domain.plain(row.draft), theirs, choices or {})


def shown(row: DraftRow) -> Draft:
    """Return what an editor sees."""
    return Draft(
        app_id=row.id,
        organisation_id=row.organisation_id,
        state=row.state,
        page_version=row.version,
        base_version=row.base_version or row.version,
        draft_version=row.draft_version or 0,
        clashes=[clash.path for clash in merged(row).clashes],
        page=mine(row),
    )
