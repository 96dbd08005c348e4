"""gRPC: what other services ask of auth."""

from uuid import UUID

from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.auth.contract.v1_pb2 import BatchCheckSessionsRequest, BatchCheckSessionsResponse
from samovar.services.auth.contract.v1_pb2_grpc import AuthServicer
from samovar.services.auth.sessions.use_cases import Sessions

SESSIONS_MAX = 500


class AuthRpc(AuthServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def BatchCheckSessions(  # noqa: N802  the name in the .proto
        self,
        request: BatchCheckSessionsRequest,
        context: ServicerContext[BatchCheckSessionsRequest, BatchCheckSessionsResponse],  # noqa: ARG002  part of the signature
    ) -> BatchCheckSessionsResponse:
        """Return which of the sessions are still alive, and whose they are."""
        if len(request.session_ids) > SESSIONS_MAX:
            raise InvalidInput(
                fields=[
                    FieldError("session_ids", "too_long", f"at most {SESSIONS_MAX}", limit=str(SESSIONS_MAX))
                ]
            )
        try:
            session_ids = [UUID(text) for text in request.session_ids]
        except ValueError:
            raise InvalidInput(fields=[FieldError("session_ids", "invalid", "an id is not a UUID")]) from None
        live = await self._sessions.live(session_ids)
        return BatchCheckSessionsResponse(live={str(one.id): str(one.account_id) for one in live})
