"""gRPC: what other services ask of play time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_id, require_at_most
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import PlayTimeServicer
from samovar.services.library.play.sums.use_cases import PlaySums
from samovar.services.library.play.use_cases import PlaySessions

QUESTIONS_MAX = 100
BOUNDS_MIN = 2
BOUNDS_MAX = 367


class PlayTimeRpc(PlayTimeServicer):
    """Answers in batches."""

    def __init__(self, play_sessions: PlaySessions, play_sums: PlaySums) -> None:
        self._play_sessions = play_sessions
        self._play_sums = play_sums

    async def PlayedSince(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.PlayedSinceRequest,
        context: ServicerContext[v1_pb2.PlayedSinceRequest, v1_pb2.PlayedSinceResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.PlayedSinceResponse:
        """Return how long an account has played each app since a moment."""
        require_at_most("items", len(request.items), QUESTIONS_MAX)
        since = _moments("items.since", [item.since for item in request.items])
        seconds = await self._play_sessions.played_since(
            read_id("account_id", request.account_id),
            [read_id("items.app_id", item.app_id) for item in request.items],
            since,
        )
        return v1_pb2.PlayedSinceResponse(seconds=seconds)

    async def SumPlay(  # noqa: N802  as above
        self,
        request: v1_pb2.SumPlayRequest,
        context: ServicerContext[v1_pb2.SumPlayRequest, v1_pb2.SumPlayResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.SumPlayResponse:
        """Return how much an app was played, span by span."""
        require_at_most("bounds", len(request.bounds), BOUNDS_MAX)
        bounds = _moments("bounds", request.bounds)
        if len(bounds) < BOUNDS_MIN or any(before >= after for before, after in pairwise(bounds)):
            raise InvalidInput(fields=[FieldError("bounds", "invalid", "two or more, each later")])
        played = await self._play_sums.between(read_id("app_id", request.app_id), bounds)
        sums = [v1_pb2.PlaySum() for _ in bounds[1:]]
        for one in played:
            sums[one.place] = v1_pb2.PlaySum(
                players=one.players, sessions=one.sessions, seconds=one.seconds, median_seconds=one.median_s
            )
        return v1_pb2.SumPlayResponse(spans=sums)


def _moments(field: str, stamps: Sequence[Timestamp]) -> list[datetime]:
    try:
        return [one.ToDatetime(tzinfo=UTC) for one in stamps]
    except (ValueError, OverflowError):
        raise InvalidInput(fields=[FieldError(field, "invalid", "not a time")]) from None
