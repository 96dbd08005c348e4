"""gRPC: what reports of the developer service are made of."""

from datetime import date

from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_id
from samovar.services.catalog.attention.use_cases import Attention
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AttentionServicer

DAYS_MAX = 366


class AttentionRpc(AttentionServicer):
    """Answers a service that has made sure itself that whoever asks may."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention

    async def ListWishDays(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.ListDaysRequest,
        context: ServicerContext[v1_pb2.ListDaysRequest, v1_pb2.ListWishDaysResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.ListWishDaysResponse:
        """Return how wishlists changed."""
        days = await self._attention.wish_days(read_id("app_id", request.app_id), *_days(request))
        return v1_pb2.ListWishDaysResponse(
            days=[
                v1_pb2.WishDay(
                    day=one.day.isoformat(), added=one.added, removed=one.removed, bought=one.bought
                )
                for one in days
            ]
        )

    async def ListViewDays(  # noqa: N802  as above
        self,
        request: v1_pb2.ListDaysRequest,
        context: ServicerContext[v1_pb2.ListDaysRequest, v1_pb2.ListViewDaysResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.ListViewDaysResponse:
        """Return how often a page was looked at."""
        days = await self._attention.view_days(read_id("app_id", request.app_id), *_days(request))
        return v1_pb2.ListViewDaysResponse(
            days=[
                v1_pb2.ViewDay(
                    day=one.day.isoformat(), source=one.source, views=one.views, visitors=one.visitors
                )
                for one in days
            ]
        )


def _days(request: v1_pb2.ListDaysRequest) -> tuple[date, date]:
    since, until = _day("since", request.since), _day("until", request.until)
    if not 0 <= (until - since).days < DAYS_MAX:
        raise InvalidInput(
            fields=[FieldError("until", "too_many_days", f"at most {DAYS_MAX} days", limit=str(DAYS_MAX))]
        )
    return since, until


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(fields=[FieldError(field, "invalid", "not a day")]) from None
