"""Children's purchases beside the real account: asked for and approved there, bought here."""

import os
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.account.app import service as account_service
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.testing.hosting import Answer, running
from samovar.testing.issuer import Issuer
from tests.services.account.conftest import ACCOUNT_SETTINGS, opened_shop
from tests.services.account.family.conftest import family
from tests.services.account.family.test_limits import LIMITS, put
from tests.services.account.family.test_requests import PURCHASES, wish
from tests.services.payment.orders.checkout.counter import Counter, opened
from tests.services.payment.orders.making import fill
from tests.services.payment.quotes.making import line

WALLET = 1_000_000


async def buy(counter: Counter, account_id: UUID, package_id: UUID) -> Answer:
    return await counter.order(await counter.quote(account_id, line(account_id, package_id=package_id)))


async def test_a_child_asks_an_adult_approves_and_the_child_buys_it_once(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    servers: dict[str, Any] = {
        "postgres": postgres,
        "redis_url": redis_url,
        "issuer": issuer,
        "rpc_secret": os.urandom(16).hex(),
    }
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_family")) as nats,
        opened_shop() as shop,
        running(
            account_service, nats_url=nats.url, peers={"catalog": shop.address}, **servers, **ACCOUNT_SETTINGS
        ) as account,
        opened(nats, account=account.host.rpc_address, **servers) as counter,
    ):
        anna, vera, gleb = await family(account, "child", "child")
        assert (await put(account, anna, gleb, LIMITS | {"purchases": "never"})).status == 200
        for somebody in (anna, vera, gleb):
            await fill(counter.database, Account(Kind.WALLET, str(somebody)), WALLET)
        package_id = uuid4()

        refused = await buy(counter, vera, package_id)
        assert (refused.status, refused.body["code"]) == (409, "payment.purchase_needs_approval")
        asked = await wish(account, vera, package_id)
        path = f"{PURCHASES}/{asked.body['id']}/approve"
        assert (await account.request("POST", path, account_id=anna)).status == 200
        await counter.payment.until("SELECT true FROM purchase_approvals WHERE payer_id = $1", anna)
        assert (await buy(counter, vera, package_id)).status == 201
        assert (await buy(counter, vera, uuid4())).body["code"] == "payment.purchase_needs_approval"

        assert (await buy(counter, gleb, package_id)).body["code"] == "payment.purchases_not_allowed"
        assert (await buy(counter, anna, package_id)).status == 201
