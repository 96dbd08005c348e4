"""gRPC: what other services ask of people's privacy."""

from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.account.batches import account_ids
from samovar.services.account.contract.v1_pb2 import BatchCheckVisibilityRequest, BatchCheckVisibilityResponse
from samovar.services.account.contract.v1_pb2_grpc import PrivacyServicer
from samovar.services.account.privacy.domain import SECTIONS
from samovar.services.account.privacy.use_cases import PrivacyRules


class PrivacyRpc(PrivacyServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, privacy_rules: PrivacyRules) -> None:
        self._privacy_rules = privacy_rules

    async def BatchCheckVisibility(  # noqa: N802  the name in the .proto
        self,
        request: BatchCheckVisibilityRequest,
        context: ServicerContext[BatchCheckVisibilityRequest, BatchCheckVisibilityResponse],  # noqa: ARG002  part of the signature
    ) -> BatchCheckVisibilityResponse:
        """Return which of the owners show a section to the viewer."""
        if request.section not in SECTIONS:
            raise InvalidInput(fields=[FieldError("section", "not_offered", f"one of {SECTIONS}")])
        section = request.section
        viewers = [request.viewer_id] if request.HasField("viewer_id") else []
        viewer = next(iter(account_ids(viewers, field="viewer_id")), None)
        sights = await self._privacy_rules.sights(viewer, account_ids(request.owner_ids, field="owner_ids"))
        visible = [str(owner) for owner, sight in sights.items() if section in sight.sections]
        return BatchCheckVisibilityResponse(visible_owner_ids=visible)
