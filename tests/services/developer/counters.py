"""Who tells numbers of apps beside developer: catalog of wishes and views, library of play."""

from datetime import UTC, datetime
from typing import Any

from samovar.services.catalog.contract import v1_pb2 as catalog
from samovar.services.catalog.contract.v1_pb2_grpc import AttentionServicer
from samovar.services.library.contract import v1_pb2 as library
from samovar.services.library.contract.v1_pb2_grpc import PlayTimeServicer

UNAVAILABLE = 14


class NumbersPeer(AttentionServicer, PlayTimeServicer):
    """Catalog and library, as far as they are asked for numbers.

    Attributes:
        wishes: By app and day: added, removed, bought.
        views: By app, day and source: views, visitors.
        play: By app: the number of players of each span asked for, from the first on.
        bounds: What library was asked last, by how many spans there were.
        away: Each refuses every call.
    """

    def __init__(self) -> None:
        self.wishes: dict[tuple[str, str], tuple[int, int, int]] = {}
        self.views: dict[tuple[str, str, str], tuple[int, int]] = {}
        self.play: dict[str, list[int]] = {}
        self.bounds: dict[int, list[datetime]] = {}
        self.away = False

    async def ListWishDays(self, request: Any, context: Any) -> catalog.ListWishDaysResponse:  # noqa: N802
        """Return how wishlists changed."""
        await self._begin(context)
        return catalog.ListWishDaysResponse(
            days=[
                catalog.WishDay(day=day, added=added, removed=removed, bought=bought)
                for (app_id, day), (added, removed, bought) in sorted(self.wishes.items())
                if app_id == request.app_id and request.since <= day <= request.until
            ]
        )

    async def ListViewDays(self, request: Any, context: Any) -> catalog.ListViewDaysResponse:  # noqa: N802
        """Return views."""
        await self._begin(context)
        return catalog.ListViewDaysResponse(
            days=[
                catalog.ViewDay(day=day, source=source, views=views, visitors=visitors)
                for (app_id, day, source), (views, visitors) in sorted(self.views.items())
                if app_id == request.app_id and request.since <= day <= request.until
            ]
        )

    async def SumPlay(self, request: Any, context: Any) -> library.SumPlayResponse:  # noqa: N802
        """Return how an app was played: each player for 90 s."""
        await self._begin(context)
        spans = len(request.bounds) - 1
        self.bounds[spans] = [one.ToDatetime(tzinfo=UTC) for one in request.bounds]
        players = [*self.play.get(request.app_id, []), *([0] * spans)][:spans]
        return library.SumPlayResponse(
            spans=[
                library.PlaySum(players=one, sessions=2 * one, seconds=90 * one, median_seconds=90)
                for one in players
            ]
        )

    async def _begin(self, context: Any) -> None:
        if self.away:
            await context.abort(UNAVAILABLE, "away")
