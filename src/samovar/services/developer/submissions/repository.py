"""The SQL of submissions."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.developer.submissions.schemas import State, Submission, SubmissionKey

Reader = Database | Transaction

_COLUMNS = """
    id, app_id, organisation_id, draft_id, draft_version, is_first, note, state, account_id, made_at, decided_at, reason, release_at, failure,
    page_version, ended_at
"""


class DueRelease(Submission, frozen=True, kw_only=True):
    """A submission that is to become the page now.

    Attributes:
        tries: How often catalog was asked, this time counted in.
    """

    tries: int


async def insert(
    tx: Transaction,
    submission_id: UUID,
    *,
    app_id: UUID,
    organisation_id: UUID,
    draft_id: UUID | None,
    draft_version: int,
    is_first: bool,
    note: str,
    account_id: UUID,
    now: datetime,
) -> Submission | None:
    """Keep a submission; none: the app has an open one."""
    return await tx.fetch_one(
        f"""
        INSERT INTO submissions (
            id, app_id, organisation_id, draft_id, draft_version, is_first, note, state, account_id, made_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, 'submitted', $8, $9)
        ON CONFLICT (app_id) WHERE state IN ('submitted', 'approved', 'releasing') DO NOTHING
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        submission_id,
        app_id,
        organisation_id,
        draft_id,
        draft_version,
        is_first,
        note,
        account_id,
        now,
        into=Submission,
    )


async def find(reader: Reader, submission_id: UUID) -> Submission | None:
    """Return a submission."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM submissions WHERE id = $1",  # noqa: S608  constants
        submission_id,
        into=Submission,
    )


async def find_open(reader: Reader, app_id: UUID) -> Submission | None:
    """Return the submission of an app that is not over."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM submissions WHERE app_id = $1 AND state IN ('submitted', 'approved', 'releasing')",  # noqa: S608  constants
        app_id,
        into=Submission,
    )


async def move(
    tx: Transaction,
    submission_id: UUID,
    *,
    states: Collection[State],
    to: State,
    ended_at: datetime | None = None,
) -> Submission | None:
    """Put a submission into another state; none: it is in none of `states` by now."""
    return await tx.fetch_one(
        f"""
        UPDATE submissions SET state = $3, ended_at = $4, next_try_at = NULL
        WHERE id = $1 AND state = ANY($2) RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        submission_id,
        list(states),
        to,
        ended_at,
        into=Submission,
    )


async def decide(
    tx: Transaction,
    submission_id: UUID,
    *,
    to: State,
    actor_id: UUID,
    reason: str,
    now: datetime,
    is_over: bool,
) -> Submission | None:
    """Write what a moderator decided; none: somebody was faster."""
    return await tx.fetch_one(
        f"""
        UPDATE submissions SET state = $2, decided_by = $3, decided_at = $4, reason = $5,
            ended_at = CASE WHEN $6 THEN $4::timestamptz END
        WHERE id = $1 AND state = 'submitted' RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        submission_id,
        to,
        actor_id,
        now,
        reason,
        is_over,
        into=Submission,
    )


async def order_release(tx: Transaction, submission_id: UUID, at: datetime) -> Submission | None:
    """Let an approved submission go to the store at a moment, or at another one than before; none: it is not approved."""
    return await tx.fetch_one(
        f"""
        UPDATE submissions SET state = 'releasing', release_at = $2, next_try_at = $2, failure = NULL, tries = 0
        WHERE id = $1 AND state IN ('approved', 'releasing') RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        submission_id,
        at,
        into=Submission,
    )


async def find_planned(reader: Reader, app_id: UUID) -> datetime | None:
    """Return when an app goes to the store, as far as that is planned."""
    found: datetime | None = await reader.fetch_value(
        "SELECT release_at FROM submissions WHERE app_id = $1 AND state = 'releasing'", app_id
    )
    return found


async def claim_due(
    tx: Transaction, *, now: datetime, lease: timedelta, limit: int, only: UUID | None = None
) -> list[DueRelease]:
    """Take the releases whose time has come; nobody else takes them during `lease`."""
    return await tx.fetch(
        f"""
        UPDATE submissions SET next_try_at = $2, tries = tries + 1
        WHERE id IN (
            SELECT id FROM submissions
            WHERE state = 'releasing' AND next_try_at <= $1 AND ($4::uuid IS NULL OR id = $4)
            ORDER BY next_try_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        RETURNING {_COLUMNS}, tries
        """,  # noqa: S608  constants
        now,
        now + lease,
        limit,
        only,
        into=DueRelease,
    )


async def put_off(tx: Transaction, submission_id: UUID, *, failure: str, next_try_at: datetime) -> None:
    """Say when catalog is asked again."""
    await tx.execute(
        "UPDATE submissions SET failure = $2, next_try_at = $3 WHERE id = $1 AND state = 'releasing'",
        submission_id,
        failure,
        next_try_at,
    )


async def end(
    tx: Transaction,
    submission_id: UUID,
    *,
    to: State,
    failure: str | None,
    page_version: int | None,
    now: datetime,
) -> Submission | None:
    """Write what became of a release; none: that is known already."""
    return await tx.fetch_one(
        f"""
        UPDATE submissions SET state = $2, failure = $3, page_version = $4, ended_at = $5, next_try_at = NULL
        WHERE id = $1 AND state = 'releasing' RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        submission_id,
        to,
        failure,
        page_version,
        now,
        into=Submission,
    )


async def list_of_app(
    reader: Reader, app_id: UUID, after: SubmissionKey | None, limit: int
) -> list[Submission]:
    """Return what was submitted of an app, the newest first."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS} FROM submissions
        WHERE app_id = $1 AND ($2::timestamptz IS NULL OR (made_at, id) < ($2, $3::uuid))
        ORDER BY made_at DESC, id DESC LIMIT $4
        """,  # noqa: S608  constants
        app_id,
        after.made_at if after else None,
        after.id if after else None,
        limit,
        into=Submission,
    )


async def list_waiting(reader: Reader, after: SubmissionKey | None, limit: int) -> list[Submission]:
    """Return what waits for a moderator, the oldest first."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS} FROM submissions
        WHERE state = 'submitted' AND ($1::timestamptz IS NULL OR (made_at, id) > ($1, $2::uuid))
        ORDER BY made_at, id LIMIT $3
        """,  # noqa: S608  constants
        after.made_at if after else None,
        after.id if after else None,
        limit,
        into=Submission,
    )
