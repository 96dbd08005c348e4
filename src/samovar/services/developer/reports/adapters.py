"""Asks catalog whose apps are, and where packages are offered."""

from collections.abc import Awaitable, Collection
from typing import TypeVar
from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub, PackagesStub
from samovar.services.developer.errors import CatalogAway

TIMEOUT_S = 3.0

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


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Unavailable, DeadlineExceeded) as error:
        raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
