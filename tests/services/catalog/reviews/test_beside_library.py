"""Reviews beside the real library: bought, reviewed, given back, bought again."""

import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.catalog.app import service as catalog_service
from samovar.services.library.app import service as library_service
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.services.catalog.pages import publish
from tests.services.catalog.reviews.shop import SAID


class Two:
    """Catalog and library, which know each other."""

    def __init__(self, catalog: Running, library: Running) -> None:
        self.catalog = catalog
        self.library = library

    async def buy(self, account_id: UUID, app_id: UUID) -> str:
        """Grant a licence, and return its id."""
        async with self.library.channel() as channel:
            stub: Any = LicencesStub(channel)
            granted = await stub.GrantLicence(
                v1_pb2.GrantLicenceRequest(
                    account_id=str(account_id),
                    app_ids=[str(app_id)],
                    kind=v1_pb2.LICENCE_KIND_PURCHASE,
                    source="order",
                    source_id=str(uuid4()),
                )
            )
        return str(granted.licence.licence_id)

    async def play(self, account_id: UUID, minutes: int) -> None:
        """Note that an account has played all that it has."""
        async with self.library.database.transaction() as tx:
            await tx.execute(
                "UPDATE library_entries SET brought_s = $2 WHERE account_id = $1", account_id, minutes * 60
            )

    async def give_back(self, licence_id: str) -> None:
        """Revoke a licence."""
        async with self.library.channel() as channel:
            stub: Any = LicencesStub(channel)
            await stub.RevokeLicence(v1_pb2.RevokeLicenceRequest(licence_id=licence_id, reason="refunded"))

    async def until_counted(self, app_id: UUID, positive: int) -> None:
        """Wait until so many reviews of a game count."""
        await self.catalog.until(
            "SELECT positive = $2 FROM review_scores WHERE app_id = $1", app_id, positive
        )


@pytest.fixture
async def two(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Two]:
    secret = os.urandom(16).hex()
    async with NatsServer(tmp_path_factory.mktemp("nats_of_two")) as nats:
        servers: dict[str, Any] = {
            "postgres": postgres,
            "redis_url": redis_url,
            "nats_url": nats.url,
            "issuer": issuer,
            "rpc_secret": secret,
        }
        async with (
            running(library_service, **servers, key_secret="a secret of keys, for tests alone") as library,
            running(
                catalog_service,
                **servers,
                peers={"library": library.host.rpc_address},
                media_store=str(tmp_path_factory.mktemp("media")),
            ) as catalog,
        ):
            yield Two(catalog, library)


async def test_a_review_follows_its_licence(two: Two) -> None:
    account_id = uuid4()
    game = await publish(two.catalog.database, "a-game-beside-library", age={"rating": 0})
    path = f"/v1/games/{game}/reviews"
    refused = await two.catalog.request("POST", path, account_id=account_id, json=SAID)
    assert (refused.status, refused.body["code"]) == (403, "catalog.review_needs_licence")
    wished = await two.catalog.request("PUT", f"/v1/wishlist/{game}", account_id=account_id)
    assert wished.status == 200
    licence_id = await two.buy(account_id, game)
    early = await two.catalog.request("POST", path, account_id=account_id, json=SAID)
    assert (early.status, early.body["code"]) == (403, "catalog.review_needs_play_time")
    await two.play(account_id, 60)
    posted = await two.catalog.request("POST", path, account_id=account_id, json=SAID)
    assert posted.status == 201, posted.body
    await two.until_counted(game, 1)
    await two.catalog.until("SELECT NOT EXISTS (SELECT FROM wishes WHERE account_id = $1)", account_id)
    await two.give_back(licence_id)
    await two.until_counted(game, 0)
    shown = await two.catalog.request("GET", path)
    assert [(item["refunded"], item["counts"]) for item in shown.body["items"]] == [(True, False)]
    await two.buy(account_id, game)
    await two.until_counted(game, 1)


async def test_library_that_is_gone_is_said_clearly(two: Two) -> None:
    game = await publish(two.catalog.database, "a-game-without-library", age={"rating": 0})
    await two.library.host.__aexit__(None, None, None)
    answer = await two.catalog.request("POST", f"/v1/games/{game}/reviews", account_id=uuid4(), json=SAID)
    assert (answer.status, answer.body["code"]) == (503, "catalog.library_away")
    assert (await two.catalog.request("GET", f"/v1/games/{game}/reviews")).status == 200
