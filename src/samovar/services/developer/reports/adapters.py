"""Asks catalog whose apps are, where packages are offered and how many look and wish, and library how apps are played."""

from collections.abc import Awaitable, Collection, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from google.protobuf.timestamp_pb2 import Timestamp

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub, AttentionStub, PackagesStub
from samovar.services.developer.errors import CatalogAway, LibraryAway
from samovar.services.developer.reports.schemas import PlayRow, TrafficRow, WishesRow
from samovar.services.library.contract import v1_pb2 as library
from samovar.services.library.contract.v1_pb2_grpc import PlayTimeStub

TIMEOUT_S = 3.0
# What a whole year of a game with many players takes.
PLAY_TIMEOUT_S = 8.0
_S_PER_MINUTE = 60

T = TypeVar("T")


class AppOwner(msgspec.Struct, frozen=True):
    """Whose an app is, and the game that it belongs to."""

    organisation_id: UUID
    base_app_id: UUID | None


class Shelf:
    """Asks catalog. Every method raises `CatalogAway` when it does not answer."""

    def __init__(self, peers: Peers) -> None:
        channel = peers.channel("catalog")
        self._apps = AppsStub(channel)
        self._packages = PackagesStub(channel)

    async def owner_of(self, app_id: UUID) -> AppOwner | None:
        """Return whose an app is; none when there is no such app, or nobody here publishes it."""
        found = await _answered(
            self._apps.BatchGetApps(v1_pb2.BatchGetAppsRequest(app_ids=[str(app_id)]), timeout=TIMEOUT_S)
        )
        app = found.apps.get(str(app_id))
        if app is None or not app.HasField("organisation_id"):
            return None
        base = UUID(app.base_app_id) if app.HasField("base_app_id") else None
        return AppOwner(UUID(app.organisation_id), base)

    async def pages_of(self, package_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Return on the page of which app each package is offered; unknown ones are left out."""
        found = await _answered(
            self._packages.BatchGetPackages(
                v1_pb2.BatchGetPackagesRequest(package_ids=[str(one) for one in package_ids]),
                timeout=TIMEOUT_S,
            )
        )
        return {UUID(key): UUID(package.app_id) for key, package in found.packages.items()}


class Attention:
    """Asks catalog how many look at pages and wish for games. Every method raises `CatalogAway` when it does not answer."""

    def __init__(self, peers: Peers) -> None:
        self._attention = AttentionStub(peers.channel("catalog"))

    async def wishes(self, app_id: UUID, since: date, until: date) -> list[WishesRow]:
        """Return how wishlists changed, day by day; days without any change are left out."""
        found = await _answered(self._attention.ListWishDays(_days(app_id, since, until), timeout=TIMEOUT_S))
        return [
            WishesRow(
                day=date.fromisoformat(one.day),
                added=one.added,
                removed=one.removed,
                conversions=one.bought,
            )
            for one in found.days
        ]

    async def views(self, app_id: UUID, since: date, until: date) -> list[TrafficRow]:
        """Return how often a page was looked at, by day and source; those without views are left out."""
        found = await _answered(self._attention.ListViewDays(_days(app_id, since, until), timeout=TIMEOUT_S))
        return [
            TrafficRow(
                day=date.fromisoformat(one.day), source=one.source, views=one.views, visitors=one.visitors
            )
            for one in found.days
        ]


class Play:
    """Asks library."""

    def __init__(self, peers: Peers) -> None:
        self._play = PlayTimeStub(peers.channel("library"))

    async def sums(self, app_id: UUID, bounds: Sequence[datetime]) -> list[PlayRow]:
        """Return how much an app was played in each span between two of these moments.

        Raises:
            LibraryAway: It does not answer, or not in time.
        """
        stamps = []
        for moment in bounds:
            stamp = Timestamp()
            stamp.FromDatetime(moment)
            stamps.append(stamp)
        asked = library.SumPlayRequest(app_id=str(app_id), bounds=stamps)
        try:
            found = await self._play.SumPlay(asked, timeout=PLAY_TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise LibraryAway(f"library: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return [
            PlayRow(
                players=one.players,
                sessions=one.sessions,
                minutes=one.seconds // _S_PER_MINUTE,
                median_minutes=one.median_seconds // _S_PER_MINUTE,
            )
            for one in found.spans
        ]


def _days(app_id: UUID, since: date, until: date) -> v1_pb2.ListDaysRequest:
    return v1_pb2.ListDaysRequest(app_id=str(app_id), since=since.isoformat(), until=until.isoformat())


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Unavailable, DeadlineExceeded) as error:
        raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
