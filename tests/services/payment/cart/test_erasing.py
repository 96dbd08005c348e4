"""A person gets what carts, quotes, gifts and promo codes hold of them; after their erasure nothing that tells of them is left."""

import gzip
from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.ids import new_id
from samovar.kit.personal_data.v1_pb2 import EraseRequest, ExportRequest
from samovar.kit.personal_data.v1_pb2_grpc import PersonalDataStub
from samovar.services.payment.gifts import sending
from tests.services.payment.gifts.making import ordered
from tests.services.payment.market import Market, of
from tests.services.payment.quotes.making import NOW


async def exported(market: Market, account_id: UUID) -> dict[str, Any]:
    async with market.payment.channel() as channel:
        stub: Any = PersonalDataStub(channel)
        answer = await stub.Export(ExportRequest(service="payment", account_id=str(account_id)))
    return dict(msgspec.json.decode(gzip.decompress(answer.document)))


async def erase(market: Market, account_id: UUID) -> None:
    async with market.payment.channel() as channel:
        stub: Any = PersonalDataStub(channel)
        await stub.Erase(EraseRequest(service="payment", account_id=str(account_id)))


async def test_a_person_is_exported_and_erased(market: Market) -> None:
    person, friend, other = uuid4(), uuid4(), uuid4()
    market.befriend(person, friend)
    game = market.package()
    for owner, recipient in ((person, friend), (other, person)):
        wish = {"items": [of(game, gift_to=recipient, message="Тебе!")]}
        assert (await market.ask("PUT", "/v1/cart", owner, json=wish)).status == 200
    assert (await market.quote(person, of(game))).status == 201
    order, lines = await ordered(market.database, person, friend, message="Секрет")
    async with market.database.transaction() as tx:
        await sending.send(tx, order, lines, now=NOW, new_id=new_id)
    told = await exported(market, person)
    assert [row["message"] for row in told["cart_items"]] == ["Тебе!"]
    assert [row["message"] for row in told["gifts"]] == ["Секрет"]
    assert len(told["quotes"]) == 2
    await erase(market, person)
    await erase(market, person)
    told = await exported(market, person)
    assert not told.get("cart_items")
    assert not told.get("carts")
    assert not told.get("quotes")
    # That there was a gift belongs to the books; what was said with it does not.
    assert [row["message"] for row in told["gifts"]] == [None]
    # What others meant to give them has left their carts.
    assert (await market.ask("GET", "/v1/cart", other)).body["items"] == []
    shown = await market.ask("GET", "/v1/gifts", friend)
    assert [gift["message"] for gift in shown.body["items"]] == [None]
