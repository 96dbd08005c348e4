"""Library beside a catalog that a test fills, and what people do with keys there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from samovar.kit.identity import Caller, RoleGrant
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesServicer
from samovar.testing.hosting import Answer, Running


class Catalog(PackagesServicer):
    """A catalog whose packages may be activated in Russia alone."""

    def __init__(self) -> None:
        self.packages: dict[str, v1_pb2.Package] = {}
        self.is_away = False

    async def BatchGetPackages(self, request: Any, context: Any) -> Any:  # noqa: N802  as in the .proto
        """Return those that are known."""
        if self.is_away:
            await context.abort(14, "away")
        found = {}
        for package_id in set(request.package_ids) & set(self.packages):
            package = v1_pb2.Package()
            package.CopyFrom(self.packages[package_id])
            package.activatable = request.country == "RU"
            found[package_id] = package
        return v1_pb2.BatchGetPackagesResponse(packages=found)

    async def CheckActivation(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002  as in the .proto
        """Return where they may be activated."""
        return v1_pb2.CheckActivationResponse(
            activatable={one: request.country == "RU" for one in request.package_ids if one in self.packages}
        )


class Anybody:
    """A verifier for calls that were verified where they came from."""

    async def verify(self, token: str) -> Caller:
        """Let everybody through."""
        now = datetime.now(UTC)
        return Caller(
            account_id=uuid4(),
            session_id=uuid4(),
            roles=("player",),
            auth_time=now,
            expires_at=now + timedelta(minutes=1),
            token=Secret(token),
        )


class Shop:
    """An organisation with its people, and players with their keys."""

    def __init__(self, library: Running, catalog: Catalog) -> None:
        self.library = library
        self.catalog = catalog
        self.organisation_id, self.owner_id = uuid4(), uuid4()
        self._addresses = 0

    def add_package(self, *, organisation: bool = True, apps: int = 2) -> UUID:
        """Put a package into the catalog."""
        package_id = new_id()
        app_ids = [str(new_id()) for _ in range(apps)]
        self.catalog.packages[str(package_id)] = v1_pb2.Package(
            app_id=app_ids[0],
            app_ids=app_ids,
            names={"ru": "Издание"},
            organisation_id=str(self.organisation_id) if organisation else None,
        )
        return package_id

    async def as_developer(self, method: str, path: str, level: str = "owner", **more: Any) -> Answer:
        """Ask as somebody of the organisation."""
        grant = RoleGrant.parse(f"{level}@{self.organisation_id}")
        return await self.library.request(
            method,
            path,
            **{"account_id": self.owner_id, "roles": ("player", "developer"), "grants": (grant,), **more},
        )

    async def make(self, package_id: UUID, count: int = 1, **said: Any) -> list[str]:
        """Make keys and return their codes."""
        answer = await self.as_developer(
            "POST",
            f"/v1/dev/packages/{package_id}/keys",
            json={"count": count, "kind": "retail", **said},
            account_id=uuid4(),
        )
        assert answer.status == 201, answer.body
        head, *codes = answer.body.decode().split("\r\n")
        assert (head, codes.pop()) == ("code", "")
        return list(codes)

    async def redeem(
        self,
        code: str,
        *,
        account_id: UUID | None = None,
        key: str | None = None,
        address: str | None = None,
        **said: Any,
    ) -> Answer:
        """Redeem a code, from an address of its own."""
        self._addresses += 1
        where = (
            address
            or f"10.{self._addresses // 65_536}.{self._addresses // 256 % 256}.{self._addresses % 256}"
        )
        return await self.library.request(
            "POST",
            "/v1/library/keys/redeem",
            account_id=account_id or uuid4(),
            json={"code": code, **said},
            headers={"Idempotency-Key": key or uuid4().hex, "X-Forwarded-For": where},
        )
