"""What fulfilment asks of others, over gRPC: library, to give what was paid; catalog, what is out."""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract.v1_pb2 import BatchGetAppsRequest
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.services.library.contract.v1_pb2 import (
    LICENCE_KIND_GIFT,
    LICENCE_KIND_PURCHASE,
    GrantLicenceRequest,
)
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.services.payment.domain import OrderLine
from samovar.services.payment.orders.fulfilment.domain import SOURCE

TIMEOUT_S = 3.0


class Library:
    """Asks library."""

    def __init__(self, peers: Peers) -> None:
        self._licences = LicencesStub(peers.channel("library"))

    async def grant(self, line: OrderLine) -> UUID | None:
        """Have the licence of a line given, once however often it is asked; none where it was taken back since.

        Raises:
            SamovarError: Library is away, or has given something else under this name.
        """
        request = GrantLicenceRequest(
            account_id=str(line.recipient_id),
            package_id=str(line.package_id),
            app_ids=[str(app_id) for app_id in line.app_ids],
            kind=LICENCE_KIND_GIFT if line.is_gift else LICENCE_KIND_PURCHASE,
            source=SOURCE,
            source_id=str(line.id),
        )
        answer = await self._licences.GrantLicence(request, timeout=TIMEOUT_S)
        if answer.licence.HasField("revoked_at"):
            return None
        return UUID(answer.licence.licence_id)


class Releases:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._apps = AppsStub(peers.channel("catalog"))

    async def out_among(self, app_ids: Collection[UUID]) -> set[UUID]:
        """Return which of these apps are out, at most 500; one that catalog does not know is not.

        Raises:
            SamovarError: Catalog is away.
        """
        request = BatchGetAppsRequest(app_ids=[str(app_id) for app_id in app_ids])
        answer = await self._apps.BatchGetApps(request, timeout=TIMEOUT_S)
        return {UUID(app_id) for app_id, app in answer.apps.items() if app.stage != "coming_soon"}
