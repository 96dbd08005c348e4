"""gRPC: what other services ask of packages."""

from grpc.aio import ServicerContext

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rpc.fields import read_ids
from samovar.kit.text.countries import COUNTRIES
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesServicer
from samovar.services.catalog.packages import repository
from samovar.services.catalog.packages.domain import Package

PACKAGES_MAX = 500


class PackagesRpc(PackagesServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def BatchGetPackages(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.BatchGetPackagesRequest,
        context: ServicerContext[v1_pb2.BatchGetPackagesRequest, v1_pb2.BatchGetPackagesResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.BatchGetPackagesResponse:
        """Return what packages are and hold."""
        country = _country(request.country) if request.HasField("country") else None
        found = await repository.packages(
            self._database, read_ids("package_ids", request.package_ids, most=PACKAGES_MAX)
        )
        return v1_pb2.BatchGetPackagesResponse(
            packages={str(package.id): _package(package, country) for package in found}
        )

    async def CheckActivation(  # noqa: N802  as above
        self,
        request: v1_pb2.CheckActivationRequest,
        context: ServicerContext[v1_pb2.CheckActivationRequest, v1_pb2.CheckActivationResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.CheckActivationResponse:
        """Return whether licences may be activated in a country."""
        country = _country(request.country)
        found = await repository.packages(
            self._database, read_ids("package_ids", request.package_ids, most=PACKAGES_MAX)
        )
        return v1_pb2.CheckActivationResponse(
            activatable={str(package.id): package.activatable.holds_in(country) for package in found}
        )


def _package(package: Package, country: str | None) -> v1_pb2.Package:
    return v1_pb2.Package(
        slug=package.slug,
        app_id=str(package.app_id),
        app_ids=[str(app_id) for app_id in package.app_ids],
        names={language: name for language, name in package.names.items() if name},
        organisation_id=str(package.organisation_id) if package.organisation_id else None,
        state=package.state,
        is_preorder=package.awaits_release,
        sold=package.sold_where.holds_in(country) if country else None,
        activatable=package.activatable.holds_in(country) if country else None,
        age_rating=package.age_rating,
        version=package.version,
    )


def _country(text: str) -> str:
    if text not in COUNTRIES:
        raise InvalidInput(fields=[FieldError("country", "country_unknown", "there is no such country")])
    return text
