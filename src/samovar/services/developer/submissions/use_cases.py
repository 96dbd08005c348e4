"""What one can do with submissions: developers make and release them, moderators decide."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, Internal, InvalidInput, SamovarError
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.developer import repository as organisations
from samovar.services.developer.contract.events import AppReleased, SubmissionDecided, SubmissionMade
from samovar.services.developer.errors import CatalogAway
from samovar.services.developer.rights import SUBMIT, Rights
from samovar.services.developer.submissions import repository
from samovar.services.developer.submissions.adapters import Draft, Pages
from samovar.services.developer.submissions.errors import (
    AppNotFound,
    BaseUnreleased,
    DraftOutdated,
    DraftUnfit,
    NothingToSubmit,
    OrganisationUnconfirmed,
    OwnSubmission,
    SubmissionChanged,
    SubmissionNotFound,
    SubmissionOpen,
)
from samovar.services.developer.submissions.repository import DueRelease
from samovar.services.developer.submissions.schemas import (
    NewSubmission,
    State,
    Submission,
    SubmissionKey,
    SubmissionReview,
)

Verdict = Literal["approved", "changes_requested", "refused"]
UNDECIDED: tuple[State, ...] = ("submitted",)
WAITING: tuple[State, ...] = (*UNDECIDED, "approved")
PLANNED: tuple[State, ...] = (*WAITING, "releasing")
RELEASE_AHEAD_MAX = timedelta(days=366)
LEASE = timedelta(seconds=30)
RETRY = timedelta(seconds=10)
# How soon what belongs to a game looks again whether that is out.
FOLLOW = timedelta(seconds=1)
RELEASED_AT_ONCE = 20
# It stands in the history of the page. With the id behind it catalog knows a publication that it is asked for once more.
REASON = "submission"

# Catalog's word for a page whose game is not in the store.
BASE_NOT_PUBLISHED = "catalog.base_not_published"

log = structlog.get_logger(__name__)


class Submissions:
    """Submissions, as the people of an organisation see them."""

    def __init__(
        self, database: Database, *, pages: Pages, rights: Rights, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._pages = pages
        self._rights = rights
        self._clock = clock
        self._new_id = new_id

    async def make(self, caller: Caller, app_id: UUID, wanted: NewSubmission) -> Submission:
        """Submit the draft of an app.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to publish.
            CatalogAway: Catalog does not answer.
            DraftOutdated: The draft is another one than the caller has looked at.
            DraftUnfit: It lacks something, or changes what was changed in the page since.
            NothingToSubmit: There is no draft, and the page is in the store.
            SubmissionOpen: The app has an open one.
        """
        draft, organisation_id = await self._require(caller, app_id)
        _refuse_unfit(draft, wanted.draft_version)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            made = await repository.insert(
                tx,
                self._new_id(),
                app_id=app_id,
                organisation_id=organisation_id,
                draft_id=draft.id,
                draft_version=draft.version,
                is_first=draft.state == "draft",
                note=wanted.note,
                account_id=caller.account_id,
                now=now,
            )
            if made is None:
                raise SubmissionOpen(f"{app_id}")
            await tx.publish(
                SubmissionMade(
                    submission_id=made.id,
                    app_id=app_id,
                    organisation_id=organisation_id,
                    account_id=caller.account_id,
                    is_first=made.is_first,
                    made_at=now,
                )
            )
            return made

    async def page(self, caller: Caller, app_id: UUID, *, cursor: str | None, limit: int) -> Page[Submission]:
        """Return what was submitted of an app, the newest first.

        Raises:
            AppNotFound: As `make`, and so is `CatalogAway`.
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, SubmissionKey)
        await self._require(caller, app_id)
        rows = await repository.list_of_app(self._database, app_id, after, limit + 1)
        return page_of(rows, limit, lambda row: SubmissionKey(row.made_at, row.id))

    async def withdraw(self, caller: Caller, app_id: UUID) -> Submission:
        """Take the open submission back, whether or not it was decided; not while it is on its way to the store.

        Raises:
            AppNotFound: As `make`, and so is `CatalogAway`.
            SubmissionChanged: It is on its way to the store, or over.
            SubmissionNotFound: There is none.
        """
        await self._require(caller, app_id)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            submission = await self._open(tx, app_id)
            is_planned = submission.release_at is not None and submission.release_at > now
            moved = await repository.move(
                tx,
                submission.id,
                states=PLANNED if is_planned else WAITING,
                to="withdrawn",
                ended_at=now,
            )
            if moved is None:
                raise SubmissionChanged(submission.state)
            return moved

    async def order_release(self, caller: Caller, app_id: UUID, at: datetime | None) -> Submission:
        """Let an approved submission go to the store, now or at a moment; for one that is planned, at another one.

        Raises:
            AppNotFound: As `make`, and so is `CatalogAway`.
            BaseUnreleased: It belongs to a game that comes later, or not at all.
            InvalidInput: The moment is past, or too far.
            OrganisationUnconfirmed: Nobody has confirmed what the organisation is in law.
            SubmissionChanged: It is not approved.
            SubmissionNotFound: There is none.
        """
        draft, organisation_id = await self._require(caller, app_id)
        now = self._clock.now()
        if at and not now < at <= now + RELEASE_AHEAD_MAX:
            code = "in_the_past" if at <= now else "too_far"
            raise InvalidInput("at", fields=[FieldError("at", code, "within a year from now")])
        async with self._database.transaction() as tx:
            if not await organisations.is_confirmed(tx, organisation_id):
                raise OrganisationUnconfirmed(f"{organisation_id}")
            submission = await self._open(tx, app_id)
            if draft.needs_base and draft.base_app_id:
                base_at = await repository.find_planned(tx, draft.base_app_id)
                if base_at is None or base_at > (at or now):
                    raise BaseUnreleased(f"{draft.base_app_id}: {base_at}")
            ordered = await repository.order_release(tx, submission.id, at or now)
            if ordered is None:
                raise SubmissionChanged(submission.state)
            return ordered

    async def find(self, submission_id: UUID) -> Submission:
        """Return a submission.

        Raises:
            SubmissionNotFound: There is none.
        """
        return await _found(self._database, submission_id)

    async def _require(self, caller: Caller, app_id: UUID) -> tuple[Draft, UUID]:
        draft = await self._pages.draft(app_id)
        organisation_id = draft.organisation_id
        # A level for a game is one for what belongs to it, as in catalog.
        if organisation_id is None or not any(
            self._rights.allow(caller, SUBMIT, "editor", "owner", organisation_id=organisation_id, app_id=one)
            for one in {app_id, draft.base_app_id or app_id}
        ):
            raise AppNotFound(f"{app_id}")
        return draft, organisation_id

    @staticmethod
    async def _open(tx: Transaction, app_id: UUID) -> Submission:
        submission = await repository.find_open(tx, app_id)
        if submission is None:
            raise SubmissionNotFound(f"{app_id}")
        return submission


class Moderation:
    """Submissions, as moderators see them."""

    def __init__(self, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._database = database
        self._pages = pages
        self._clock = clock

    async def page(self, *, cursor: str | None, limit: int) -> Page[Submission]:
        """Return what waits, the oldest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, SubmissionKey)
        rows = await repository.list_waiting(self._database, after, limit + 1)
        return page_of(rows, limit, lambda row: SubmissionKey(row.made_at, row.id))

    async def show(self, submission_id: UUID) -> SubmissionReview:
        """Return a submission with the page as it would be.

        Raises:
            AppNotFound: The app is no longer there.
            CatalogAway: Catalog does not answer.
            SubmissionNotFound: There is none.
        """
        submission = await _found(self._database, submission_id)
        draft = await self._pages.draft(submission.app_id)
        organisation_id = submission.organisation_id
        return SubmissionReview(
            submission=submission,
            organisation_name=await organisations.name_of(self._database, organisation_id),
            is_confirmed=await organisations.is_confirmed(self._database, organisation_id),
            is_current=_is_same(draft, submission),
            slug=draft.slug,
            kind=draft.kind,
            differences=draft.differences,
            page=draft.page,
        )

    async def decide(self, caller: Caller, submission_id: UUID, verdict: Verdict, reason: str) -> Submission:
        """Approve a submission, send it back, or refuse it.

        Raises:
            AppNotFound: As `show`, and so is `CatalogAway`.
            DraftOutdated: The draft was changed since; the submission is over.
            OwnSubmission: The caller made it, or is in the organisation.
            SubmissionChanged: It was decided already, or taken back.
            SubmissionNotFound: There is none.
        """
        submission = await _found(self._database, submission_id)
        if submission.account_id == caller.account_id or caller.levels_in(
            submission.organisation_id, submission.app_id
        ):
            raise OwnSubmission(f"{submission_id}")
        draft = await self._pages.draft(submission.app_id)
        is_outdated = verdict == "approved" and not _is_same(draft, submission)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            decided = (
                await repository.move(tx, submission_id, states=UNDECIDED, to="outdated", ended_at=now)
                if is_outdated
                else await repository.decide(
                    tx,
                    submission_id,
                    to=verdict,
                    actor_id=caller.account_id,
                    reason=reason,
                    now=now,
                    is_over=verdict != "approved",
                )
            )
            if decided is None:
                raise SubmissionChanged(submission.state)
            if not is_outdated:
                await tx.publish(
                    SubmissionDecided(
                        submission_id=decided.id,
                        app_id=decided.app_id,
                        organisation_id=decided.organisation_id,
                        account_id=decided.account_id,
                        state=verdict,
                        reason=reason,
                        decided_at=now,
                    )
                )
        if is_outdated:
            raise DraftOutdated(f"{draft.version}, not {submission.draft_version}")
        return decided


class Releases:
    """Brings approved drafts to the store: written down first, asked of catalog then, and what came of it written down again."""

    def __init__(self, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._database = database
        self._pages = pages
        self._clock = clock

    async def release_due(self, *, only: UUID | None = None) -> None:
        """Release what is due, or one submission if it is."""
        async with self._database.transaction() as tx:
            due = await repository.claim_due(
                tx, now=self._clock.now(), lease=LEASE, limit=RELEASED_AT_ONCE, only=only
            )
        for submission in due:
            await self._release(submission)

    async def _release(self, submission: DueRelease) -> None:
        try:
            page_version = await self._pages.publish(
                submission.app_id,
                account_id=submission.account_id,
                reason=f"{REASON}: {submission.id}",
                draft_id=submission.draft_id,
                draft_version=submission.draft_version,
            )
        except SamovarError as error:
            await self._fail(submission, error)
            return
        now = self._clock.now()
        async with self._database.transaction() as tx:
            released = await repository.end(
                tx, submission.id, to="released", failure=None, page_version=page_version, now=now
            )
            if released:
                await tx.publish(
                    AppReleased(
                        submission_id=released.id,
                        app_id=released.app_id,
                        organisation_id=released.organisation_id,
                        page_version=page_version,
                        is_first=released.is_first,
                        released_at=now,
                    )
                )

    async def _fail(self, submission: DueRelease, error: SamovarError) -> None:
        passes = isinstance(error, CatalogAway) or error.http_status >= Internal.http_status
        wait = RETRY * min(submission.tries, 30)
        if error.code == BASE_NOT_PUBLISHED:
            passes, wait = await self._base_comes(submission), FOLLOW
        now = self._clock.now()
        log.warning("a release waits" if passes else "a release failed", error=str(error), code=error.code)
        async with self._database.transaction() as tx:
            if passes:
                await repository.put_off(tx, submission.id, failure=error.code, next_try_at=now + wait)
            else:
                await repository.end(
                    tx, submission.id, to="outdated", failure=error.code, page_version=None, now=now
                )

    async def _base_comes(self, submission: DueRelease) -> bool:
        """Return whether the game that it belongs to is on its way: then this waits for it."""
        try:
            draft = await self._pages.draft(submission.app_id)
        except CatalogAway:
            return True
        except AppNotFound:
            return False
        # By now it may be out.
        return not draft.needs_base or (
            draft.base_app_id is not None
            and await repository.find_planned(self._database, draft.base_app_id) is not None
        )


async def _found(database: Database, submission_id: UUID) -> Submission:
    submission = await repository.find(database, submission_id)
    if submission is None:
        raise SubmissionNotFound(f"{submission_id}")
    return submission


def _is_same(draft: Draft, submission: Submission) -> bool:
    return (draft.id, draft.version) == (submission.draft_id, submission.draft_version)


def _refuse_unfit(draft: Draft, seen: int | None) -> None:
    if seen is not None and seen != draft.version:
        raise DraftOutdated(f"{draft.version}, not {seen}")
    if draft.version == 0 and draft.state != "draft":
        raise NothingToSubmit(draft.slug)
    if draft.clashes or draft.lacking:
        fields = [FieldError(path, "draft_clash", "changed in the page since") for path in draft.clashes]
        fields += [FieldError(path, code, code.replace("_", " ")) for path, code in draft.lacking]
        raise DraftUnfit(draft.slug, fields=fields)
