"""gRPC: how the developer service, which owns the workflow of releases, looks at drafts and has them published."""

import msgspec
from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_id
from samovar.services.catalog.apps.schemas import REASON_LENGTH_MAX
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import EditingServicer
from samovar.services.catalog.editing import drafting
from samovar.services.catalog.editing.publishing.use_cases import Publication


class EditingRpc(EditingServicer):
    """Answers services that have made sure themselves that whoever asks may."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication

    async def GetDraft(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.GetDraftRequest,
        context: ServicerContext[v1_pb2.GetDraftRequest, v1_pb2.GetDraftResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.GetDraftResponse:
        """Return the draft of a page and what it would change."""
        row, diff, base = await self._publication.show_draft(read_id("app_id", request.app_id))
        return v1_pb2.GetDraftResponse(
            slug=row.slug,
            kind=row.kind,
            organisation_id=str(row.organisation_id) if row.organisation_id else None,
            state=row.state,
            page_version=row.version,
            draft_version=diff.draft_version,
            page_json=msgspec.json.encode(drafting.mine(row)).decode(),
            differences=[
                v1_pb2.PageDifference(
                    path=one.path, before_json=_json(one.before), after_json=_json(one.after)
                )
                for one in diff.differences
            ],
            clashes=[clash.path for clash in diff.clashes],
            needed=[v1_pb2.PageNeed(field=one.field, code=one.code) for one in diff.needed],
            draft_id=str(row.draft_id) if row.draft_id else None,
            base_app_id=str(base.app_id) if base else None,
            needs_base=base is not None and base.is_needed,
        )

    async def PublishDraft(  # noqa: N802  as above
        self,
        request: v1_pb2.PublishDraftRequest,
        context: ServicerContext[v1_pb2.PublishDraftRequest, v1_pb2.PublishDraftResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.PublishDraftResponse:
        """Make the draft that was looked at the page; asked once more, with the same reason, it says that it was."""
        stored = await self._publication.publish(
            read_id("app_id", request.app_id),
            account_id=read_id("account_id", request.account_id),
            reason=_reason(request.reason),
            draft_version=request.draft_version if request.HasField("draft_version") else None,
            draft_id=read_id("draft_id", request.draft_id) if request.HasField("draft_id") else None,
        )
        return v1_pb2.PublishDraftResponse(state=stored.state, page_version=stored.version)

    async def WithdrawApp(  # noqa: N802  as above
        self,
        request: v1_pb2.WithdrawAppRequest,
        context: ServicerContext[v1_pb2.WithdrawAppRequest, v1_pb2.WithdrawAppResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.WithdrawAppResponse:
        """Take a page out of the store."""
        stored = await self._publication.withdraw(
            read_id("app_id", request.app_id),
            account_id=read_id("account_id", request.account_id),
            reason=_reason(request.reason),
        )
        return v1_pb2.WithdrawAppResponse(state=stored.state, page_version=stored.version)


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _reason(text: str) -> str:
    if not 0 < len(text) <= REASON_LENGTH_MAX:
        limit = str(REASON_LENGTH_MAX)
        raise InvalidInput(
            fields=[FieldError("reason", "too_long" if text else "missing", "a reason", limit=limit)]
        )
    return text
