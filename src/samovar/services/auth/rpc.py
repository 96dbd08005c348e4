"""gRPC: what other services ask of auth."""

from grpc.aio import ServicerContext

from samovar.kit.rpc.fields import read_ids
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
        live = await self._sessions.live(read_ids("session_ids", request.session_ids, most=IDS_MAX))
        return BatchCheckSessionsResponse(live={str(one.id): str(one.account_id) for one in live})

    async def BatchGetHolds(  # noqa: N802  the name in the .proto
        self,
        request: BatchGetHoldsRequest,
        context: ServicerContext[BatchGetHoldsRequest, BatchGetHoldsResponse],  # noqa: ARG002  part of the signature
    ) -> BatchGetHoldsResponse:
        """Return until when those of the accounts are held that are."""
        holds = await self._alerts.holds(read_ids("account_ids", request.account_ids, most=IDS_MAX))
        return BatchGetHoldsResponse(
            held_until={str(account_id): until.isoformat() for account_id, until in holds.items()}
        )
