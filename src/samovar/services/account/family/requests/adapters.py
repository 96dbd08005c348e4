"""What families ask of catalog: whether there is what a child wishes for."""

from uuid import UUID

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.account.family.errors import StoreAway
from samovar.services.catalog.contract.v1_pb2 import BatchGetPackagesRequest
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesStub

TIMEOUT_S = 1.5


class Store:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._packages = PackagesStub(peers.channel("catalog"))

    async def sells(self, package_id: UUID) -> bool:
        """Return whether there is such a package, and it is on sale somewhere: what it costs whom is said when it is bought.

        Raises:
            StoreAway: Catalog does not answer in time.
        """
        request = BatchGetPackagesRequest(package_ids=[str(package_id)])
        try:
            answer = await self._packages.BatchGetPackages(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise StoreAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return str(package_id) in answer.packages and answer.packages[str(package_id)].state == "on_sale"
