"""Quotes beside the real catalog and library: priced, owned, and priced anew."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.catalog.app import service as catalog_service
from samovar.services.library.app import service as library_service
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.services.payment.app import service as payment_service
from samovar.testing.hosting import Answer, Running, running
from samovar.testing.issuer import Issuer
from tests.services.catalog.prices.conftest import belong, cost, game, package, reduce
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.market import faults


class Three:
    """Payment, catalog and library, which know each other."""

    def __init__(self, payment: Running, catalog: Running, library: Running) -> None:
        self.payment = payment
        self.catalog = catalog
        self.library = library

    async def quote(self, account_id: UUID, *package_ids: UUID, country: str = "RU") -> Answer:
        """Ask what packages cost."""
        return await self.payment.request(
            "POST",
            "/v1/quotes",
            account_id=account_id,
            headers={"Idempotency-Key": str(uuid4())},
            json={"items": [{"package_id": str(one)} for one in package_ids], "country": country},
        )

    async def own(self, account_id: UUID, app_id: UUID) -> None:
        """Grant a licence."""
        async with self.library.channel() as channel:
            stub: Any = LicencesStub(channel)
            await stub.GrantLicence(
                v1_pb2.GrantLicenceRequest(
                    account_id=str(account_id),
                    app_ids=[str(app_id)],
                    kind=v1_pb2.LICENCE_KIND_PURCHASE,
                    source="order",
                    source_id=str(uuid4()),
                )
            )


@pytest.fixture(scope="module")
async def three(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Three]:
    async with NatsServer(tmp_path_factory.mktemp("nats_of_three")) as nats:
        servers: dict[str, Any] = {
            "postgres": postgres,
            "redis_url": redis_url,
            "nats_url": nats.url,
            "issuer": issuer,
            "rpc_secret": os.urandom(16).hex(),
        }
        async with (
            running(library_service, **servers, key_secret=SIGNING_SECRET) as library,
            running(
                catalog_service,
                **servers,
                peers={"library": library.host.rpc_address},
                media_store=str(tmp_path_factory.mktemp("media")),
            ) as catalog,
            running(
                payment_service,
                **servers,
                peers={"library": library.host.rpc_address, "catalog": catalog.host.rpc_address},
                signing_secret=SIGNING_SECRET,
            ) as payment,
        ):
            yield Three(payment, catalog, library)


async def priced(three: Three, amount: int, **fields: Any) -> tuple[UUID, UUID]:
    app_id = await game(three.catalog.database)
    package_id = await package(three.catalog.database, app_id, **fields)
    await cost(three.catalog.database, package_id, "RU", amount, currency="RUB")
    return app_id, package_id


async def test_a_discount_of_catalog_is_explained_and_ends_the_quote(three: Three) -> None:
    studio = uuid4()
    _, package_id = await priced(three, 59_999, organisation_id=studio)
    now = datetime.now(UTC)
    ends_at = now + timedelta(minutes=5)
    await reduce(three.catalog.database, package_id, 33, now - timedelta(days=1), ends_at)
    answer = await three.quote(uuid4(), package_id)
    assert answer.status == 201, answer.body
    (line,) = answer.body["lines"]
    assert (line["base"]["amount"], line["discount_percent"], line["final"]["amount"]) == (59_999, 33, 40_199)
    assert datetime.fromisoformat(answer.body["expires_at"]) == ends_at
    kept = await three.payment.database.fetch_value(
        "SELECT lines -> 0 ->> 'organisation_id' FROM quotes WHERE id = $1", UUID(answer.body["id"])
    )
    assert kept == str(studio)


async def test_a_licence_of_this_second_is_seen(three: Three) -> None:
    buyer = uuid4()
    app_id, package_id = await priced(three, 10_000)
    assert (await three.quote(buyer, package_id)).status == 201
    await three.own(buyer, app_id)
    answer = await three.quote(buyer, package_id)
    assert (answer.status, faults(answer)) == (409, {"items[0]": "item_owned"})


async def test_what_catalog_does_not_sell_says_why(three: Three) -> None:
    _, withdrawn = await priced(three, 10_000, state="withdrawn")
    _, at_home = await priced(three, 10_000, sold={"only_in": ["RU"], "except_in": []})
    answer = await three.quote(uuid4(), withdrawn, uuid4())
    assert faults(answer) == {"items[0]": "item_not_on_sale", "items[1]": "item_not_found"}
    assert faults(await three.quote(uuid4(), at_home, country="DE")) == {"items[0]": "item_not_sold"}


async def test_dlc_is_sold_to_whoever_has_its_game(three: Three) -> None:
    buyer = uuid4()
    base, own = await priced(three, 10_000)
    addition, package_id = await priced(three, 5_000)
    await belong(three.catalog.database, addition, base)
    answer = await three.quote(buyer, package_id)
    assert (answer.status, faults(answer)["items[0]"]) == (409, "item_base_needed")
    assert (await three.quote(buyer, package_id, own)).status == 201
    await three.own(buyer, base)
    assert (await three.quote(buyer, package_id)).status == 201
