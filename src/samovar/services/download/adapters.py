"""Asks catalog what apps are, and library who has a licence."""

from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract.v1_pb2 import BatchGetAppsRequest
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.services.download.errors import AppNotFound, CatalogAway, LibraryAway
from samovar.services.library.contract.v1_pb2 import (
    LICENCE_KIND_FAMILY,
    LICENCE_KIND_GRANT,
    BatchCheckRequest,
)
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub

TIMEOUT_S = 2.0

Holding = Literal["granted", "owned", "lent", "none"]


class App(msgspec.Struct, frozen=True, kw_only=True):
    """An app, as catalog tells of it.

    Attributes:
        kind: `game`, `demo`, `dlc`, `soundtrack` or `tool`.
        state: `draft`, `published` or `withdrawn`.
        stage: `coming_soon`, `early_access` or `released`.
        organisation_id: None for what was imported: nobody publishes builds of it.
    """

    id: UUID
    kind: str
    state: str
    stage: str
    organisation_id: UUID | None


class Apps:
    """Asks catalog."""

    def __init__(self, peers: Peers) -> None:
        self._apps = AppsStub(peers.channel("catalog"))

    async def find(self, app_id: UUID) -> App:
        """Return an app.

        Raises:
            AppNotFound: There is none.
            CatalogAway: Catalog does not answer.
        """
        request = BatchGetAppsRequest(app_ids=[str(app_id)])
        try:
            answer = await self._apps.BatchGetApps(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        if str(app_id) not in answer.apps:
            raise AppNotFound(f"{app_id}")
        found = answer.apps[str(app_id)]
        return App(
            id=app_id,
            kind=found.kind,
            state=found.state,
            stage=found.stage,
            organisation_id=UUID(found.organisation_id) if found.HasField("organisation_id") else None,
        )


class Licences:
    """Asks library."""

    def __init__(self, peers: Peers) -> None:
        self._licences = LicencesStub(peers.channel("library"))

    async def check(self, account_id: UUID, app_id: UUID) -> Holding:
        """Return by what right an account may use an app; `granted`: by an operator's hand, before its release, too.

        Raises:
            LibraryAway: Library does not answer.
        """
        request = BatchCheckRequest(account_id=str(account_id), app_ids=[str(app_id)])
        try:
            answer = await self._licences.BatchCheck(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise LibraryAway(f"library: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        found = answer.holdings[str(app_id)]
        if found.owned:
            return "granted" if LICENCE_KIND_GRANT in found.kinds else "owned"
        return "lent" if LICENCE_KIND_FAMILY in found.kinds else "none"
