"""gRPC: what other services ask of play time."""

from datetime import UTC

from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_id, require_at_most
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import PlayTimeServicer
from samovar.services.library.play.use_cases import PlaySessions

QUESTIONS_MAX = 100


class PlayTimeRpc(PlayTimeServicer):
    """Answers in batches."""

    def __init__(self, play_sessions: PlaySessions) -> None:
        self._play_sessions = play_sessions

    async def PlayedSince(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.PlayedSinceRequest,
        context: ServicerContext[v1_pb2.PlayedSinceRequest, v1_pb2.PlayedSinceResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.PlayedSinceResponse:
        """Return how long an account has played each app since a moment."""
        require_at_most("items", len(request.items), QUESTIONS_MAX)
        try:
            since = [item.since.ToDatetime(tzinfo=UTC) for item in request.items]
        except (ValueError, OverflowError):
            raise InvalidInput(fields=[FieldError("items.since", "invalid", "not a time")]) from None
        seconds = await self._play_sessions.played_since(
            read_id("account_id", request.account_id),
            [read_id("items.app_id", item.app_id) for item in request.items],
            since,
        )
        return v1_pb2.PlayedSinceResponse(seconds=seconds)
