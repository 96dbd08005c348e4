"""What an operator's command asks of catalog. The service itself asks nobody."""

from uuid import UUID

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.client import Peers
from samovar.kit.settings import PlatformSettings
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesStub


async def contents_of(package_id: UUID, platform: PlatformSettings) -> tuple[UUID, ...]:
    """Return the apps in a package.

    Raises:
        InvalidInput: There is no such package.
        Unavailable: Catalog is away.
    """
    peers = Peers(platform)
    try:
        request = v1_pb2.BatchGetPackagesRequest(package_ids=[str(package_id)])
        answer = await PackagesStub(peers.channel("catalog")).BatchGetPackages(request)
    finally:
        await peers.close()
    package = answer.packages.get(str(package_id))
    if package is None:
        raise InvalidInput(
            fields=[FieldError("package", "package_unknown", f"there is no package {package_id}")]
        )
    return tuple(UUID(app_id) for app_id in package.app_ids)
