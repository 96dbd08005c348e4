"""What the page of an order asks of catalog: when what is waited for comes out."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import structlog

from samovar.kit.errors import SamovarError
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract.v1_pb2 import BatchGetAppsRequest
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.services.payment.orders.pages.domain import AppRelease

# A page is shown without the day when catalog takes its time.
TIMEOUT_S = 1.0
APPS_AT_ONCE_MAX = 500

log = structlog.get_logger(__name__)


class ReleaseDays:
    """Asks catalog, and does without it."""

    def __init__(self, peers: Peers) -> None:
        self._apps = AppsStub(peers.channel("catalog"))

    async def of(self, app_ids: Collection[UUID]) -> dict[UUID, AppRelease]:
        """Return when these apps come out, of the first 500; of others, and while catalog is away, nothing is said."""
        asked = [str(app_id) for app_id in sorted(app_ids)[:APPS_AT_ONCE_MAX]]
        try:
            answer = await self._apps.BatchGetApps(BatchGetAppsRequest(app_ids=asked), timeout=TIMEOUT_S)
        except SamovarError as error:
            log.info("an order is shown without the day of a release", error=str(error))
            return {}
        return {
            UUID(app_id): AppRelease(
                is_out=app.stage != "coming_soon",
                on=date.fromisoformat(app.release_on) if app.HasField("release_on") else None,
                promise=dict(app.release_promise),
            )
            for app_id, app in answer.apps.items()
        }
