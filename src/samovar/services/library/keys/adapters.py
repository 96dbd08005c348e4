"""What keys ask of catalog, over gRPC: what a package is, whose it is, and where it may be activated."""

from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesStub
from samovar.services.library.keys.errors import CatalogAway

TIMEOUT_S = 1.5


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A package, as catalog tells of it.

    Attributes:
        app_id: The app on whose page it is offered.
        app_ids: What a licence of it opens.
        activatable: Whether it may be activated in the country that was asked about.
    """

    app_id: UUID
    app_ids: tuple[UUID, ...]
    organisation_id: UUID | None
    names: dict[str, str]
    activatable: bool


class Packages:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._packages = PackagesStub(peers.channel("catalog"))

    async def find(self, package_id: UUID, country: str) -> Package | None:
        """Return a package, and whether it may be activated in a country.

        Raises:
            CatalogAway: Catalog does not answer in time.
        """
        asked = v1_pb2.BatchGetPackagesRequest(package_ids=[str(package_id)], country=country)
        try:
            answer = await self._packages.BatchGetPackages(asked, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        found = answer.packages.get(str(package_id))
        if found is None:
            return None
        return Package(
            app_id=UUID(found.app_id),
            app_ids=tuple(UUID(app_id) for app_id in found.app_ids),
            organisation_id=UUID(found.organisation_id) if found.HasField("organisation_id") else None,
            names=dict(found.names),
            activatable=found.activatable,
        )
