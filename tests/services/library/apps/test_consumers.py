"""The copy of catalog's apps, through everything: an event, a question over gRPC, a title in the list."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.ids import new_id
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.contract.v1_pb2_grpc import AppsServicer, add_AppsServicer_to_server
from samovar.services.library.app import service
from samovar.services.library.contract.v1_pb2 import LICENCE_KIND_GIFT, GrantLicenceRequest
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.services.library.keys.shop import Anybody


class _Catalog(AppsServicer):
    """A catalog of games that have a title in each language."""

    def __init__(self) -> None:
        self.apps: dict[str, v1_pb2.App] = {}

    async def BatchGetApps(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002  as in the .proto
        """Return those that are known."""
        found = {}
        for app_id in set(request.app_ids) & set(self.apps):
            app = v1_pb2.App()
            app.CopyFrom(self.apps[app_id])
            app.title = f"{app.title} ({request.language})"
            found[app_id] = app
        return v1_pb2.BatchGetAppsResponse(apps=found)


class _Place:
    """Library and the catalog beside it."""

    def __init__(self, library: Running, catalog: _Catalog) -> None:
        self.library = library
        self.catalog = catalog

    def publish(
        self, title: str, version: int, app_id: UUID | None = None, *, stage: str = "released"
    ) -> UUID:
        """Have a page in the catalog."""
        made = app_id or new_id()
        self.catalog.apps[str(made)] = v1_pb2.App(
            slug="slug", title=title, kind="game", version=version, stage=stage
        )
        return made

    async def grant(self, app_id: UUID) -> UUID:
        """Give the app to somebody new."""
        account_id = uuid4()
        async with self.library.channel() as channel:
            await LicencesStub(channel).GrantLicence(
                GrantLicenceRequest(
                    account_id=str(account_id),
                    app_ids=[str(app_id)],
                    kind=LICENCE_KIND_GIFT,
                    source="gift",
                    source_id=new_id().hex,
                )
            )
        return account_id

    async def known(self, app_id: UUID, version: int) -> None:
        """Wait until a version is copied."""
        await self.library.until(
            "SELECT known_version = $2 FROM app_copies WHERE app_id = $1", app_id, version
        )


@pytest.fixture(scope="module")
async def place(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[_Place]:
    secret = os.urandom(16).hex()
    catalog = _Catalog()
    server = RpcServer(secret=Secret(secret), verifier=Anybody())
    server.host("catalog", Rpc(add_AppsServicer_to_server, lambda: catalog), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_apps")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            rpc_secret=secret,
            peers={"catalog": address},
            key_secret="a secret of keys, for tests alone",
        ) as library,
    ):
        yield _Place(library, catalog)
    await server.drain(1.0)


def _changed(app_id: UUID, version: int) -> AppChanged:
    return AppChanged(
        app_id=app_id,
        slug="slug",
        title="as the original has it",
        kind="game",
        state="published",
        stage="released",
        age_rating=0,
        version=version,
        changed_at=datetime.now(UTC),
    )


async def test_a_game_that_somebody_gets_is_listed_by_its_titles(place: _Place) -> None:
    app_id = place.publish("Ёжик", 7)
    me = await place.grant(app_id)
    await place.known(app_id, 7)
    found = await place.library.request("GET", "/v1/library?query=%D0%B5%D0%B6%20en", account_id=me)
    assert [one["titles"] for one in found.body["items"]] == [{"ru": "Ёжик (ru)", "en": "Ёжик (en)"}]


async def test_a_title_that_changes_changes_in_the_list(place: _Place) -> None:
    app_id = place.publish("Было", 1)
    me = await place.grant(app_id)
    await place.known(app_id, 1)
    place.publish("Стало", 2, app_id)
    await place.library.announce(_changed(app_id, 2))
    await place.known(app_id, 2)
    # Heard late, it changes nothing.
    await place.library.announce(_changed(app_id, 1))
    game = await place.library.request("GET", f"/v1/library/{app_id}", account_id=me)
    assert game.body["titles"]["ru"] == "Стало (ru)"


async def test_a_release_opens_what_was_bought_in_advance(place: _Place) -> None:
    app_id = place.publish("Скоро", 1, stage="coming_soon")
    me = await place.grant(app_id)
    await place.known(app_id, 1)
    path = f"/v1/library/{app_id}/play-sessions"
    refused = await place.library.request("POST", path, account_id=me, json={"device_id": "pc"})
    assert (refused.status, refused.body["code"]) == (409, "library.not_out")
    place.publish("Вышло", 2, app_id)
    await place.library.announce(_changed(app_id, 2))
    await place.known(app_id, 2)
    assert (await place.library.request("POST", path, account_id=me, json={"device_id": "pc"})).status == 201
