"""REST: what developers submit and release, and what moderators decide."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.developer.errors import CatalogAway
from samovar.services.developer.rights import MODERATE, SUBMIT
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
from samovar.services.developer.submissions.schemas import (
    Decision,
    NewSubmission,
    ReleaseOrder,
    Submission,
    SubmissionReview,
)
from samovar.services.developer.submissions.use_cases import Moderation, Releases, Submissions

BODY_BYTES_MAX = 8_192
WRITES = RateLimit(60, per_s=3_600, by="account", where="cluster")


@post(
    "/v1/dev/apps/{app_id:uuid}/submit",
    auth="player",
    permissions=(SUBMIT,),
    rate_limit=WRITES,
    timeout_ms=10_000,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        AppNotFound,
        DraftOutdated,
        DraftUnfit,
        NothingToSubmit,
        SubmissionOpen,
        CatalogAway,
    ),
)
async def submit_app(
    app_id: UUID, data: NewSubmission, caller: Caller, submissions: Submissions
) -> Submission:
    """Submit the draft of an app's page to the moderators."""
    return await submissions.make(caller, app_id, data)


@get(
    "/v1/dev/apps/{app_id:uuid}/submissions",
    auth="player",
    permissions=(SUBMIT,),
    timeout_ms=10_000,
    raises=(InvalidInput, AppNotFound, CatalogAway),
)
async def list_submissions(
    app_id: UUID,
    caller: Caller,
    submissions: Submissions,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Submission]:
    """List what was submitted of an app and what became of it, the newest first."""
    return await submissions.page(caller, app_id, cursor=cursor, limit=limit)


@delete(
    "/v1/dev/apps/{app_id:uuid}/submission",
    auth="player",
    permissions=(SUBMIT,),
    rate_limit=WRITES,
    timeout_ms=10_000,
    raises=(AppNotFound, SubmissionChanged, SubmissionNotFound, CatalogAway),
)
async def withdraw_submission(app_id: UUID, caller: Caller, submissions: Submissions) -> None:
    """Take the open submission of an app back; a release that is planned for later goes with it."""
    await submissions.withdraw(caller, app_id)


@post(
    "/v1/dev/apps/{app_id:uuid}/release",
    auth="player",
    permissions=(SUBMIT,),
    status=200,
    rate_limit=WRITES,
    timeout_ms=15_000,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        AppNotFound,
        BaseUnreleased,
        OrganisationUnconfirmed,
        SubmissionChanged,
        SubmissionNotFound,
        CatalogAway,
    ),
)
async def release_app(
    app_id: UUID, data: ReleaseOrder, caller: Caller, submissions: Submissions, releases: Releases
) -> Submission:
    """Let what was approved go to the store: now, or to the second at a moment. The state says what came of it.

    What belongs to a game goes with it or after it.
    """
    ordered = await submissions.order_release(caller, app_id, data.at)
    await releases.release_due(only=ordered.id)
    return await submissions.find(ordered.id)


@get("/v1/admin/submissions", auth="staff", permissions=(MODERATE,), raises=(InvalidInput,))
async def list_waiting_submissions(
    moderation: Moderation, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[Submission]:
    """List what waits for a moderator, the oldest first."""
    return await moderation.page(cursor=cursor, limit=limit)


@get(
    "/v1/admin/submissions/{submission_id:uuid}",
    auth="staff",
    permissions=(MODERATE,),
    timeout_ms=10_000,
    raises=(AppNotFound, SubmissionNotFound, CatalogAway),
)
async def show_submission(submission_id: UUID, moderation: Moderation) -> SubmissionReview:
    """Show a submission, the page as it would be, and what would change."""
    return await moderation.show(submission_id)


DECIDING = (
    InvalidInput,
    AppNotFound,
    DraftOutdated,
    OwnSubmission,
    SubmissionChanged,
    SubmissionNotFound,
    CatalogAway,
)


@post(
    "/v1/admin/submissions/{submission_id:uuid}/approve",
    auth="staff",
    permissions=(MODERATE,),
    status=200,
    timeout_ms=10_000,
    body_bytes_max=BODY_BYTES_MAX,
    raises=DECIDING,
)
async def approve_submission(
    submission_id: UUID, data: Decision, caller: Caller, moderation: Moderation
) -> Submission:
    """Approve a draft, so that its developer may release it. A draft that was changed since is not approved."""
    return await moderation.decide(caller, submission_id, "approved", data.reason)


@post(
    "/v1/admin/submissions/{submission_id:uuid}/request-changes",
    auth="staff",
    permissions=(MODERATE,),
    status=200,
    timeout_ms=10_000,
    body_bytes_max=BODY_BYTES_MAX,
    raises=DECIDING,
)
async def request_changes(
    submission_id: UUID, data: Decision, caller: Caller, moderation: Moderation
) -> Submission:
    """Send a draft back; the reason says what is to be changed."""
    return await moderation.decide(caller, submission_id, "changes_requested", data.reason)


@post(
    "/v1/admin/submissions/{submission_id:uuid}/refuse",
    auth="staff",
    permissions=(MODERATE,),
    status=200,
    timeout_ms=10_000,
    body_bytes_max=BODY_BYTES_MAX,
    raises=DECIDING,
)
async def refuse_submission(
    submission_id: UUID, data: Decision, caller: Caller, moderation: Moderation
) -> Submission:
    """Refuse what breaks the rules of the store; the reason says which."""
    return await moderation.decide(caller, submission_id, "refused", data.reason)
