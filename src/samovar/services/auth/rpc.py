"""gRPC: what other services ask of auth."""

from collections.abc import Sequence
from uuid import UUID

from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.auth.alerts.use_cases import Alerts
from samovar.services.auth.contract.v1_pb2 import (
    BatchCheckSessionsRequest,
    BatchCheckSessionsResponse,
    BatchGetHoldsRequest,
    BatchGetHoldsResponse,
)
from samovar.services.auth.contract.v1_pb2_grpc import AuthServicer
from samovar.services.auth.sessions.use_cases import Sessions

IDS_MAX = 500


class AuthRpc(AuthServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, sessions: Sessions, alerts: Alerts) -> None:
        self._sessions = sessions
        self._alerts = alerts

    async def BatchCheckSessions(  # noqa: N802  the name in the .proto
        self,
        request: BatchCheckSessionsRequest,
        context: ServicerContext[BatchCheckSessionsRequest, BatchCheckSessionsResponse],  # noqa: ARG002  part of the signature
    ) -> BatchCheckSessionsResponse:
        """Return which of the sessions are still alive, and whose they are."""
        live = await self._sessions.live(_ids("session_ids", request.session_ids))
        return BatchCheckSessionsResponse(live={str(one.id): str(one.account_id) for one in live})

    async def BatchGetHolds(  # noqa: N802  the name in the .proto
        self,
        request: BatchGetHoldsRequest,
        context: ServicerContext[BatchGetHoldsRequest, BatchGetHoldsResponse],  # noqa: ARG002  part of the signature
    ) -> BatchGetHoldsResponse:
        """Return until when those of the accounts are held that are."""
        holds = await self._alerts.holds(_ids("account_ids", request.account_ids))
        return BatchGetHoldsResponse(
            held_until={str(account_id): until.isoformat() for account_id, until in holds.items()}
        )


def _ids(field: str, texts: Sequence[str]) -> list[UUID]:
    if len(texts) > IDS_MAX:
        raise InvalidInput(fields=[FieldError(field, "too_long", f"at most {IDS_MAX}", limit=str(IDS_MAX))])
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise InvalidInput(fields=[FieldError(field, "invalid", "an id is not a UUID")]) from None
