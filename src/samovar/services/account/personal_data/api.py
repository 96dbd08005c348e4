"""REST: having one's data, and having it forgotten."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import RateLimit, StepUp, delete, get, post
from samovar.services.account.personal_data.domain import PROOF_AGE_MAX_S
from samovar.services.account.personal_data.errors import (
    ErasureNotPending,
    ExportNotReady,
    LinkInvalid,
    RequestUnknown,
)
from samovar.services.account.personal_data.schemas import DataRequest, Link
from samovar.services.account.personal_data.use_cases import Requests

BODY_BYTES_MAX = 1_024
DOWNLOAD_TIMEOUT_MS = 60_000
ZIP = "application/zip"
SIGNATURE_LENGTH_MAX = 128
Signature = Annotated[str, Meta(max_length=SIGNATURE_LENGTH_MAX, description="As the link says.")]
_FRESH = StepUp(PROOF_AGE_MAX_S)
_RARELY = RateLimit(10, by="account")


@post(
    "/v1/accounts/me/export",
    auth="player",
    status=202,
    step_up=_FRESH,
    rate_limit=_RARELY,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(StepUpRequired,),
)
async def ask_for_export(caller: Caller, requests: Requests) -> DataRequest:
    """Gather everything that all services hold of oneself; a mail says when it is ready. It is kept for seven days."""
    return await requests.ask_for_export(caller.account_id)


@get("/v1/accounts/me/export", auth="player", raises=(RequestUnknown,))
async def show_export(caller: Caller, requests: Requests) -> DataRequest:
    """Show how far the export is, service by service."""
    return await requests.show(caller.account_id, "export")


@post(
    "/v1/accounts/me/export/link",
    auth="player",
    step_up=_FRESH,
    rate_limit=_RARELY,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(StepUpRequired, RequestUnknown, ExportNotReady),
)
async def make_export_link(caller: Caller, requests: Requests) -> Link:
    """Make a link to the export that works for ten minutes, for whoever has it."""
    return await requests.make_link(caller.account_id)


@get(
    "/v1/exports/{request_id:uuid}",
    auth="public",
    rate_limit=RateLimit(30),
    timeout_ms=DOWNLOAD_TIMEOUT_MS,
    media_type=ZIP,
    raises=(LinkInvalid,),
)
async def download_export(
    request_id: UUID, requests: Requests, expires_at: int = 0, signature: Signature = ""
) -> Answer:
    """Download an export: a ZIP with a JSON file of each service."""
    content = await requests.download(request_id, expires_at, signature)
    headers = {
        "Content-Disposition": 'attachment; filename="samovar-export.zip"',
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Answer(content, media_type=ZIP, headers=headers)


@post(
    "/v1/accounts/me/erasure",
    auth="player",
    status=202,
    step_up=_FRESH,
    rate_limit=_RARELY,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(StepUpRequired,),
)
async def ask_for_erasure(caller: Caller, requests: Requests) -> DataRequest:
    """Have the account erased after seven days. Signing in until then, or `DELETE`, calls it off; afterwards nothing does.

    What a law keeps (receipts, the proof of consents) stays without a name on it.
    """
    return await requests.ask_for_erasure(caller.account_id)


@get("/v1/accounts/me/erasure", auth="player", raises=(RequestUnknown,))
async def show_erasure(caller: Caller, requests: Requests) -> DataRequest:
    """Show when the erasure begins, or how far it is."""
    return await requests.show(caller.account_id, "erasure")


@delete("/v1/accounts/me/erasure", auth="player", raises=(ErasureNotPending,))
async def keep_account(caller: Caller, requests: Requests) -> None:
    """Call the erasure off."""
    await requests.keep_account(caller.account_id)
