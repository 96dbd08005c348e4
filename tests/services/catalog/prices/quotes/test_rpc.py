"""What payment gets: each line explained, or a reason why it cannot be bought."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PricingStub
from samovar.testing.hosting import Running
from tests.services.catalog.prices.conftest import belong, cost, game, package, reduce

_BUNDLE = """
    INSERT INTO bundles (id, slug, names, descriptions, kind, discount_percent, state, version, created_at, updated_at)
    VALUES ($1, $2, '{"ru": "Набор"}', '{}', $3, $4, 'on_sale', 1, now(), now())
"""


def soon(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def bundle(
    catalog: Running, package_ids: list[UUID], *, kind: str = "complete_the_set", percent: int = 10
) -> UUID:
    bundle_id = uuid4()
    async with catalog.database.transaction() as tx:
        await tx.execute(_BUNDLE, bundle_id, f"bundle-{bundle_id.hex[:12]}", kind, percent)
        await tx.execute(
            "INSERT INTO bundle_packages SELECT $1, id, place FROM unnest($2::uuid[]) WITH ORDINALITY AS held (id, place)",
            bundle_id,
            package_ids,
        )
    return bundle_id


async def priced(catalog: Running, amount: int = 10_000, *, region: str = "RU") -> tuple[UUID, UUID]:
    """Write a game with a priced package, and return their ids."""
    app_id = await game(catalog.database)
    package_id = await package(catalog.database, app_id)
    currency = "RUB" if region == "RU" else "USD"
    await cost(catalog.database, package_id, region, amount, currency=currency)
    return app_id, package_id


async def ask(
    catalog: Running,
    *items: v1_pb2.PriceItem,
    country: str = "RU",
    account_id: UUID | None = None,
    owned: tuple[UUID, ...] = (),
    activation_country: str | None = None,
) -> list[v1_pb2.PricedItem]:
    async with catalog.channel() as channel:
        answer = await PricingStub(channel).PriceItems(
            v1_pb2.PriceItemsRequest(
                items=items,
                country=country,
                account_id=str(account_id) if account_id else None,
                owned_app_ids=[str(app_id) for app_id in owned],
                activation_country=activation_country,
            )
        )
    return list(answer.items)


def of_package(package_id: UUID) -> v1_pb2.PriceItem:
    return v1_pb2.PriceItem(package_id=str(package_id))


def of_bundle(bundle_id: UUID) -> v1_pb2.PriceItem:
    return v1_pb2.PriceItem(bundle_id=str(bundle_id))


async def test_a_line_explains_itself(catalog: Running) -> None:
    app_id, package_id = await priced(catalog, 59_999)
    ends_at = soon(3)
    discount_id = await reduce(catalog.database, package_id, 33, soon(-1), ends_at)
    (item,) = await ask(catalog, of_package(package_id))
    (line,) = item.lines
    assert (line.base.amount, line.discount_percent, line.discount_id) == (59_999, 33, str(discount_id))
    assert (line.reduced.amount, line.final.amount, line.final.currency) == (40_199, 40_199, "RUB")
    assert (line.region, list(line.app_ids), line.names["ru"]) == ("RU", [str(app_id)], "Игра")
    assert line.valid_until.ToDatetime(UTC) == ends_at
    assert (item.total.amount, item.HasField("refusal"), item.HasField("bundle_kind")) == (
        40_199,
        False,
        False,
    )
    (again,) = await ask(catalog, of_package(package_id))
    assert again.lines[0].version == line.version
    async with catalog.database.transaction() as tx:
        await tx.execute("UPDATE discounts SET ended_at = now() WHERE id = $1", discount_id)
    (later,) = await ask(catalog, of_package(package_id))
    assert later.lines[0].version != line.version


async def test_a_completed_set_costs_what_is_lacked_with_both_discounts(catalog: Running) -> None:
    (owned_app, owned), (_, plain), (_, cheap) = [
        await priced(catalog, amount) for amount in (50_000, 9_999, 3_333)
    ]
    await reduce(catalog.database, cheap, 50, soon(-1), soon(1))
    bundle_id = await bundle(catalog, [owned, plain, cheap], percent=15)
    account_id = uuid4()
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", account_id, owned_app)
    (item,) = await ask(catalog, of_bundle(bundle_id), account_id=account_id)
    assert [line.refusal for line in item.lines] == [v1_pb2.REFUSAL_OWNED, 0, 0]
    assert [line.reduced.amount for line in item.lines] == [0, 9_999, 1_666]
    assert [line.final.amount for line in item.lines] == [0, 8_499, 1_416]
    assert (item.total.amount, item.bundle_percent, item.bundle_kind) == (9_915, 15, "complete_the_set")
    (whole,) = await ask(catalog, of_bundle(bundle_id))
    assert whole.total.amount == sum(line.final.amount for line in whole.lines) == 52_415
    (told,) = await ask(catalog, of_bundle(bundle_id), owned=(owned_app,))
    assert told.total.amount == 9_915


async def test_a_set_of_which_all_is_owned_is_not_sold(catalog: Running) -> None:
    first, second = await priced(catalog), await priced(catalog)
    bundle_id = await bundle(catalog, [first[1], second[1]])
    (item,) = await ask(catalog, of_bundle(bundle_id), owned=(first[0], second[0]))
    assert (item.refusal, item.HasField("total")) == (v1_pb2.REFUSAL_OWNED, False)


async def test_what_is_bought_together_is_bought_whole_or_not_at_all(catalog: Running) -> None:
    first, second = await priced(catalog), await priced(catalog)
    bundle_id = await bundle(catalog, [first[1], second[1]], kind="must_purchase_together", percent=20)
    (item,) = await ask(catalog, of_bundle(bundle_id))
    assert (item.total.amount, item.HasField("refusal")) == (16_000, False)
    (owned,) = await ask(catalog, of_bundle(bundle_id), owned=(first[0],))
    assert (owned.refusal, owned.HasField("total")) == (v1_pb2.REFUSAL_INCOMPLETE, False)


async def test_a_bundle_in_two_currencies_has_no_total(catalog: Running) -> None:
    _, first = await priced(catalog, 999, region="CIS")
    app_id = await game(catalog.database)
    second = await package(catalog.database, app_id)
    await cost(catalog.database, second, "KZ", 300_000, currency="KZT")
    (item,) = await ask(catalog, of_bundle(await bundle(catalog, [first, second])), country="KZ")
    assert (item.refusal, item.HasField("total")) == (v1_pb2.REFUSAL_MIXED_CURRENCIES, False)


async def test_each_obstacle_is_a_reason_and_no_error(catalog: Running) -> None:
    app_id, package_id = await priced(catalog)
    database = catalog.database
    nowhere: dict[str, Any] = {"only_in": [], "except_in": []}
    kinds: tuple[dict[str, Any], ...] = (
        {"state": "draft"},
        {"state": "withdrawn"},
        {"sold": nowhere},
        {"activatable": nowhere},
        {},
    )
    drafted, withdrawn, unsold, unactivatable, unpriced = [
        await package(database, app_id, place=place, **more) for place, more in enumerate(kinds, start=1)
    ]
    coming = await package(database, await game(database, stage="coming_soon"))
    preorder = await package(database, await game(database, stage="coming_soon"), is_preorder=True)
    for one in (drafted, withdrawn, unsold, unactivatable, coming, preorder):
        await cost(database, one, "RU", 10_000)
    wanted = (uuid4(), drafted, withdrawn, unsold, unactivatable, unpriced, coming, preorder, package_id)
    items = await ask(catalog, *(of_package(one) for one in wanted), of_bundle(uuid4()))
    assert [item.refusal for item in items] == [
        v1_pb2.REFUSAL_NOT_FOUND,
        v1_pb2.REFUSAL_NOT_FOUND,
        v1_pb2.REFUSAL_NOT_ON_SALE,
        v1_pb2.REFUSAL_NOT_SOLD,
        v1_pb2.REFUSAL_NOT_ACTIVATABLE,
        v1_pb2.REFUSAL_NO_PRICE,
        v1_pb2.REFUSAL_NOT_RELEASED,
        0,
        0,
        v1_pb2.REFUSAL_NOT_FOUND,
    ]
    assert items[7].lines[0].is_preorder
    async with database.transaction() as tx:
        await tx.execute(
            "UPDATE apps SET age_rating = 18, document = $2 WHERE id = $1",
            app_id,
            {"visible": {"except_in": ["KZ"]}},
        )
    (hidden,) = await ask(catalog, of_package(package_id), country="KZ")
    (young,) = await ask(catalog, of_package(package_id), account_id=uuid4())
    (nobody,) = await ask(catalog, of_package(package_id))
    assert (hidden.refusal, young.refusal, nobody.refusal) == (
        v1_pb2.REFUSAL_NOT_VISIBLE,
        v1_pb2.REFUSAL_AGE_RESTRICTED,
        0,
    )


async def test_a_gift_is_activated_where_its_receiver_is(catalog: Running) -> None:
    app_id = await game(catalog.database)
    package_id = await package(catalog.database, app_id, activatable={"only_in": ["RU"], "except_in": []})
    await cost(catalog.database, package_id, "RU", 10_000)
    (home,) = await ask(catalog, of_package(package_id))
    (abroad,) = await ask(catalog, of_package(package_id), activation_country="DE")
    assert (home.refusal, abroad.refusal) == (0, v1_pb2.REFUSAL_NOT_ACTIVATABLE)


async def test_dlc_names_its_game_unless_it_is_in_the_package(catalog: Running) -> None:
    base, own = await priced(catalog)
    addition, alone = await priced(catalog)
    music, heard = await priced(catalog)
    await belong(catalog.database, addition, base)
    await belong(catalog.database, music, base, "soundtrack")
    together = await package(catalog.database, base, place=1)
    await cost(catalog.database, together, "RU", 20_000)
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO package_apps VALUES ($1, $2, 1)", together, addition)
    items = await ask(catalog, *(of_package(one) for one in (own, alone, heard, together)))
    assert [list(item.lines[0].base_app_ids) for item in items] == [[], [str(base)], [], []]
    (refused,) = await ask(catalog, of_package(alone), owned=(addition,))
    assert (refused.refusal, list(refused.lines[0].base_app_ids)) == (v1_pb2.REFUSAL_OWNED, [str(base)])


@pytest.mark.parametrize(
    "request_",
    [
        v1_pb2.PriceItemsRequest(country="XX"),
        v1_pb2.PriceItemsRequest(country=""),
        v1_pb2.PriceItemsRequest(country="RU", activation_country="ru"),
        v1_pb2.PriceItemsRequest(country="RU", items=[v1_pb2.PriceItem()]),
        v1_pb2.PriceItemsRequest(country="RU", items=[v1_pb2.PriceItem(package_id="x' OR 1=1 --")]),
        v1_pb2.PriceItemsRequest(country="RU", account_id="me"),
        v1_pb2.PriceItemsRequest(country="RU", items=[of_package(uuid4())] * 101),
    ],
)
async def test_nonsense_is_an_invalid_argument(catalog: Running, request_: v1_pb2.PriceItemsRequest) -> None:
    async with catalog.channel() as channel:
        with pytest.raises(InvalidInput) as refused:
            await PricingStub(channel).PriceItems(request_)
    assert refused.value.code == "request.invalid"
