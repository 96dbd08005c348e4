"""What refunds ask of others, over gRPC: library, how long was played; catalog, what belongs to what."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from samovar.kit.errors import DeadlineExceeded, NotFound, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract.v1_pb2 import BatchGetAppsRequest
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.services.library.contract.v1_pb2 import (
    BatchCheckRequest,
    PlayedSinceItem,
    PlayedSinceRequest,
    RevokeLicenceRequest,
)
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub, PlayTimeStub
from samovar.services.payment.refunds.eligibility import App
from samovar.services.payment.refunds.errors import FactsAway

TIMEOUT_S = 1.5
APPS_AT_ONCE_MAX = 500
PLAYED_AT_ONCE_MAX = 100
SOURCE = "order"


class Library:
    """Asks library."""

    def __init__(self, peers: Peers) -> None:
        self._licences = LicencesStub(peers.channel("library"))
        self._play_time = PlayTimeStub(peers.channel("library"))

    async def played(self, account_id: UUID, app_ids: Collection[UUID]) -> dict[UUID, int]:
        """Return how many seconds an account has played each of these apps, over all time.

        Raises:
            FactsAway: Library does not answer in time, or does not count the time of a game that is owned.
        """
        seconds: dict[UUID, int] = {}
        wanted = sorted(app_ids)
        for start in range(0, len(wanted), APPS_AT_ONCE_MAX):
            some = [str(app_id) for app_id in wanted[start : start + APPS_AT_ONCE_MAX]]
            request = BatchCheckRequest(account_id=str(account_id), app_ids=some)
            try:
                answer = await self._licences.BatchCheck(request, timeout=TIMEOUT_S)
            except (Unavailable, DeadlineExceeded) as error:
                raise FactsAway(f"library: {error}", retry_after_s=error.retry_after_s or 1.0) from error
            for app_id in some:
                found = answer.holdings.get(app_id)
                # It leaves the time out of what was never owned, and so never played.
                if found is None or (found.owned and not found.HasField("play_minutes")):
                    raise FactsAway(f"library does not say how long {app_id} was played")
                # A library of the release before says minutes alone.
                is_exact = found.HasField("play_seconds")
                seconds[UUID(app_id)] = found.play_seconds if is_exact else found.play_minutes * 60
        return seconds

    async def played_since(
        self, account_id: UUID, app_ids: Collection[UUID], since: datetime
    ) -> dict[UUID, int]:
        """Return how many seconds an account has played each of these apps since a moment.

        Raises:
            FactsAway: Library does not answer in time.
        """
        seconds: dict[UUID, int] = {}
        moment = Timestamp()
        moment.FromDatetime(since)
        wanted = sorted(app_ids)
        for start in range(0, len(wanted), PLAYED_AT_ONCE_MAX):
            some = wanted[start : start + PLAYED_AT_ONCE_MAX]
            items = [PlayedSinceItem(app_id=str(app_id), since=moment) for app_id in some]
            request = PlayedSinceRequest(account_id=str(account_id), items=items)
            try:
                answer = await self._play_time.PlayedSince(request, timeout=TIMEOUT_S)
            except (Unavailable, DeadlineExceeded) as error:
                raise FactsAway(f"library: {error}", retry_after_s=error.retry_after_s or 1.0) from error
            seconds |= dict(zip(some, answer.seconds, strict=True))
        return seconds

    async def revoke(self, line_id: UUID) -> bool:
        """Take the licence of a line back; returns whether there was one, taken back now or before.

        Raises:
            Unavailable: Library is away.
        """
        request = RevokeLicenceRequest(source=SOURCE, source_id=str(line_id), reason="refunded")
        try:
            await self._licences.RevokeLicence(request, timeout=TIMEOUT_S)
        except NotFound:
            return False
        return True


class Catalog:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._apps = AppsStub(peers.channel("catalog"))

    async def apps(self, app_ids: Collection[UUID]) -> dict[UUID, App]:
        """Return these apps, and the game that each belongs to; one that catalog does not know stands alone.

        Raises:
            FactsAway: Catalog does not answer in time.
        """
        found: dict[UUID, App] = {}
        wanted = sorted(app_ids)
        for start in range(0, len(wanted), APPS_AT_ONCE_MAX):
            some = [str(app_id) for app_id in wanted[start : start + APPS_AT_ONCE_MAX]]
            try:
                answer = await self._apps.BatchGetApps(BatchGetAppsRequest(app_ids=some), timeout=TIMEOUT_S)
            except (Unavailable, DeadlineExceeded) as error:
                raise FactsAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
            for app_id in some:
                app = answer.apps.get(app_id)
                base = UUID(app.base_app_id) if app is not None and app.HasField("base_app_id") else None
                found[UUID(app_id)] = App(id=UUID(app_id), base_id=base)
        return found
