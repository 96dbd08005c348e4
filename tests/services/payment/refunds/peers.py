"""Library, catalog and auth, as far as payment asks them: small real servers of their contracts."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc

from samovar.kit.rpc import server as rpc
from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsResponse
from samovar.services.auth.contract.v1_pb2_grpc import AuthServicer
from samovar.services.catalog.contract.v1_pb2 import App, BatchGetAppsResponse
from samovar.services.catalog.contract.v1_pb2_grpc import AppsServicer
from samovar.services.library.contract.v1_pb2 import (
    BatchCheckResponse,
    Holding,
    Licence,
    PlayedSinceResponse,
    RevokeLicenceResponse,
)
from samovar.services.library.contract.v1_pb2_grpc import LicencesServicer, PlayTimeServicer


class LibraryPeer(LicencesServicer):
    """Library.

    Attributes:
        minutes: How long an account has played an app that it has; none where that is not counted.
        seconds: The same to the second; a library of an older release says minutes alone.
        silent: It takes calls and never answers.
        revoked: The lines whose licences were taken back by call.
        granted: The lines that have one.
    """

    def __init__(self) -> None:
        self.minutes: dict[tuple[str, str], int | None] = {}
        self.seconds: dict[tuple[str, str], int] = {}
        self.silent = False
        self.revoked: list[str] = []
        self.granted: set[str] = set()

    async def BatchCheck(self, request: Any, context: Any) -> BatchCheckResponse:  # noqa: ARG002, N802
        """Return what is held and was played."""
        if self.silent:
            await asyncio.Event().wait()
        holdings = {}
        for app_id in request.app_ids:
            key = (request.account_id, app_id)
            holdings[app_id] = Holding(
                owned=key in self.minutes,
                play_minutes=self.minutes.get(key),
                play_seconds=self.seconds.get(key),
            )
        return BatchCheckResponse(holdings=holdings)

    async def RevokeLicence(self, request: Any, context: Any) -> RevokeLicenceResponse:  # noqa: N802
        """Take a licence back."""
        if request.source_id not in self.granted:
            trailers = ((rpc.CODE, "library.licence_not_found"), (rpc.STATUS, "404"))
            await context.abort(grpc.StatusCode.NOT_FOUND, "nothing was granted", trailers)
        self.revoked.append(request.source_id)
        return RevokeLicenceResponse(licence=Licence(licence_id=request.source_id))


class PlayPeer(PlayTimeServicer):
    """Library's play time.

    Attributes:
        seconds: How long an account has played an app since whatever moment.
    """

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], int] = {}

    async def PlayedSince(self, request: Any, context: Any) -> PlayedSinceResponse:  # noqa: ARG002, N802
        """Return what was played."""
        return PlayedSinceResponse(
            seconds=[self.seconds.get((request.account_id, item.app_id), 0) for item in request.items]
        )


class CatalogPeer(AppsServicer):
    """Catalog.

    Attributes:
        bases: App to the game that it belongs to.
    """

    def __init__(self) -> None:
        self.bases: dict[str, str] = {}

    async def BatchGetApps(self, request: Any, context: Any) -> BatchGetAppsResponse:  # noqa: ARG002, N802
        """Return all apps as known."""
        return BatchGetAppsResponse(
            apps={app_id: App(slug=app_id, base_app_id=self.bases.get(app_id)) for app_id in request.app_ids}
        )


class AuthPeer(AuthServicer):
    """Auth.

    Attributes:
        held: The accounts that are held.
    """

    def __init__(self) -> None:
        self.held: set[str] = set()

    async def BatchGetHolds(self, request: Any, context: Any) -> BatchGetHoldsResponse:  # noqa: ARG002, N802
        """Return who is held, for another day."""
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        return BatchGetHoldsResponse(
            held_until={account_id: until for account_id in request.account_ids if account_id in self.held}
        )
