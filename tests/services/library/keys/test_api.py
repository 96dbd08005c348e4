"""Keys over REST: made by those who may, redeemed once, and good as long as nobody has had anything of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.library.contract.events import LicenceGranted
from samovar.services.library.contract.key_events import KeyRedeemed
from samovar.services.library.keys.use_cases import PER_ACCOUNT, PER_NETWORK
from tests.services.library.keys.shop import Shop


async def _owned(shop: Shop, account_id: UUID) -> set[str]:
    answer = await shop.library.request("GET", "/v1/library", account_id=account_id)
    return {item["game_id"] for item in answer.body["items"]}


async def test_a_key_opens_its_package_once(shop: Shop) -> None:
    package_id, me = shop.add_package(), uuid4()
    (code,) = await shop.make(package_id)
    done = await shop.redeem(code, account_id=me, key="first")
    assert (done.status, done.body["package_id"], done.body["names"]) == (
        200,
        str(package_id),
        {"ru": "Издание"},
    )
    assert await _owned(shop, me) == set(done.body["game_ids"])
    repeated = await shop.redeem(code, account_id=me, key="first")
    assert (repeated.status, repeated.body) == (200, done.body)
    for account_id in (me, uuid4()):
        used = await shop.redeem(code, account_id=account_id)
        assert (used.status, used.body["code"]) == (409, "library.key_used")
    (event,) = [one for one in await shop.library.events(KeyRedeemed) if one.package_id == package_id]
    (granted,) = [one for one in await shop.library.events(LicenceGranted) if one.account_id == me]
    assert (event.account_id, event.licence_id) == (me, granted.licence_id)
    assert (granted.kind, granted.source, granted.source_id) == ("key", "key", str(event.key_id))


async def test_twenty_who_redeem_one_key_at_one_moment_get_one_licence(shop: Shop) -> None:
    package_id = shop.add_package()
    (code,) = await shop.make(package_id)
    answers = await asyncio.gather(*(shop.redeem(code) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 19
    events = [one for one in await shop.library.events(KeyRedeemed) if one.package_id == package_id]
    assert len(events) == 1


async def test_one_who_redeems_two_keys_at_one_moment_keeps_one_of_them(shop: Shop) -> None:
    me = uuid4()
    codes = await shop.make(shop.add_package(), 2)
    answers = await asyncio.gather(*(shop.redeem(code, account_id=me) for code in codes))
    assert sorted(answer.status for answer in answers) == [200, 409]
    (refused,) = [answer for answer in answers if answer.status == 409]
    assert refused.body["code"] == "library.already_owned"
    left = codes[answers.index(refused)]
    assert (await shop.redeem(left)).status == 200


async def test_a_refusal_leaves_a_key_good(shop: Shop) -> None:
    (code,) = await shop.make(shop.add_package())
    abroad = await shop.redeem(code, country="DE")
    assert (abroad.status, abroad.body["code"]) == (409, "library.key_not_here")
    shop.catalog.is_away = True
    away = await shop.redeem(code)
    shop.catalog.is_away = False
    assert (away.status, away.body["code"]) == (503, "library.catalog_away")
    nowhere = await shop.redeem(code, country="ZZ")
    assert (nowhere.status, nowhere.body["errors"][0]["field"]) == (422, "country")
    assert (await shop.redeem(code.lower().replace("-", " "))).status == 200


async def test_a_key_that_is_over_says_so(shop: Shop) -> None:
    package_id = shop.add_package()
    soon = datetime.now(UTC) + timedelta(days=1)
    (short,) = await shop.make(package_id, expires_at=soon.isoformat())
    async with shop.library.database.transaction() as tx:
        await tx.execute(
            "UPDATE key_batches SET expires_at = now() - interval '1 s' WHERE package_id = $1", package_id
        )
    expired = await shop.redeem(short)
    assert (expired.status, expired.body["code"]) == (409, "library.key_expired")
    first, second = await shop.make(package_id, 2)
    mine = await shop.redeem(first)
    path = f"/v1/dev/packages/{package_id}/keys"
    listed = (await shop.as_developer("GET", path)).body["items"]
    assert [(batch["count"], batch["redeemed"], batch["kind"]) for batch in listed] == [
        (2, 1, "retail"),
        (1, 0, "retail"),
    ]
    for _ in range(2):
        revoked = await shop.as_developer("POST", f"{path}/{listed[0]['batch_id']}/revoke")
        assert (revoked.status, revoked.body["redeemed"]) == (200, 1)
        assert revoked.body["revoked_at"]
    gone = await shop.redeem(second)
    assert (gone.status, gone.body["code"]) == (409, "library.key_revoked")
    sql = "SELECT revoked_at IS NULL FROM licences WHERE id = $1"
    assert await shop.library.database.fetch_value(sql, UUID(mine.body["licence_id"]))


@pytest.mark.parametrize("code", ["ABCDE-FGHJK-LMNPQ", "nonsense", "Ж" * 15, "0" * 15, "x\0y"])
async def test_what_is_no_key_is_not_found(shop: Shop, code: str) -> None:
    answer = await shop.redeem(code)
    assert (answer.status, answer.body["code"]) == (404, "library.key_not_found")


async def test_guessing_is_slow_for_an_account_and_for_a_network(shop: Shop) -> None:
    me = uuid4()
    answers = [await shop.redeem("ABCDE-FGHJK-LMNPQ", account_id=me) for _ in range(PER_ACCOUNT.requests + 1)]
    assert {answer.status for answer in answers[:-1]} == {404}
    assert (answers[-1].status, answers[-1].body["code"]) == (429, "library.too_many_redemptions")
    assert int(answers[-1].headers["retry-after"]) > 0
    (code,) = await shop.make(shop.add_package())
    assert (await shop.redeem(code, account_id=me)).status == 429
    # The bucket is refilled while a slow machine asks: the refusal comes a little later then, and never sooner.
    network = [(await shop.redeem("ABCDE-FGHJK-LMNPQ", address="192.0.2.7")).status]
    while network[-1] == 404 and len(network) < 2 * PER_NETWORK.requests:
        network.append((await shop.redeem("ABCDE-FGHJK-LMNPQ", address="192.0.2.7")).status)
    assert network[-1] == 429
    assert len(network) > PER_NETWORK.requests
    assert (await shop.redeem(code)).status == 200


async def test_codes_are_kept_as_hashes_alone(shop: Shop) -> None:
    package_id = shop.add_package()
    codes = await shop.make(package_id, 1_000)
    assert len(set(codes)) == 1_000
    kept = await shop.library.database.fetch_value(
        """
        SELECT string_agg(k::text, '') || (SELECT string_agg(b::text, '') FROM key_batches b)
        FROM activation_keys k
        """
    )
    assert not any(code.replace("-", "") in kept.upper() or code in kept for code in codes)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": 10_001}, "count"),
        ({"count": 1, "kind": "gold"}, "kind"),
        ({"count": 1, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"count": 1, "expires_at": "0001-01-01T00:00:00+14:00"}, "expires_at"),
        ({"count": 1, "note": "x" * 201}, "note"),
    ],
)
async def test_a_nonsense_batch_is_refused_by_name(shop: Shop, said: dict[str, Any], field: str) -> None:
    package_id = shop.add_package()
    answer = await shop.as_developer(
        "POST", f"/v1/dev/packages/{package_id}/keys", json={"kind": "retail", **said}, account_id=uuid4()
    )
    assert (answer.status, [fault["field"] for fault in answer.body["errors"]]) == (422, [field])
    sql = "SELECT count(*) FROM key_batches WHERE package_id = $1"
    assert await shop.library.database.fetch_value(sql, package_id) == 0


async def test_keys_are_made_by_owners_and_editors_of_the_organisation_alone(shop: Shop) -> None:
    mine, imported = shop.add_package(), shop.add_package(organisation=False)
    body = {"count": 1, "kind": "press"}
    path = f"/v1/dev/packages/{mine}/keys"
    for level, status in (("owner", 201), ("editor", 201), ("viewer", 404), ("finance", 404)):
        answer = await shop.as_developer("POST", path, level, json=body)
        assert answer.status == status, level
    for foreign in (f"/v1/dev/packages/{imported}/keys", f"/v1/dev/packages/{uuid4()}/keys"):
        answer = await shop.as_developer("POST", foreign, json=body)
        assert (answer.status, answer.body["code"]) == (404, "library.package_not_found")
    player = await shop.library.request("POST", path, account_id=uuid4(), json=body)
    assert player.status == 403
    admin = await shop.library.request(
        "POST", f"/v1/dev/packages/{imported}/keys", account_id=uuid4(), roles=("player", "admin"), json=body
    )
    assert admin.status == 201
    batch = (await shop.as_developer("GET", path)).body["items"][0]["batch_id"]
    other = await shop.as_developer("POST", f"/v1/dev/packages/{shop.add_package()}/keys/{batch}/revoke")
    assert (other.status, other.body["code"]) == (404, "library.key_batch_not_found")


async def test_a_console_sees_batches_of_all_packages_and_what_became_of_a_key(shop: Shop) -> None:
    first, second, foreign = shop.add_package(), shop.add_package(), shop.add_package(organisation=False)
    codes = await shop.make(first, 2, kind="press", note="обзоры")
    await shop.make(second)
    everything = f"/v1/dev/organizations/{shop.organisation_id}/keys"
    page = await shop.as_developer("GET", f"{everything}?limit=1")
    rest = await shop.as_developer("GET", f"{everything}?cursor={page.body['next_cursor']}")
    batches = [*page.body["items"], *rest.body["items"]]
    mine = {str(first), str(second)}
    listed = [one for one in batches if one["package_id"] in mine]
    assert [(one["package_id"], one["state"], one["unused"]) for one in listed] == [
        (str(second), "good", 1),
        (str(first), "good", 2),
    ]
    assert str(foreign) not in {one["package_id"] for one in batches}
    await shop.redeem(codes[0])
    path = f"/v1/dev/packages/{first}/keys"
    batch = f"{path}/{listed[1]['batch_id']}"
    shown = (await shop.as_developer("GET", batch)).body
    assert (shown["state"], shown["unused"], shown["redeemed"], shown["note"]) == ("good", 1, 1, "обзоры")

    async def state_of(code: str, where: str = path) -> Any:
        return await shop.as_developer("POST", f"{where}/look-up", json={"code": code})

    used = await state_of(codes[0].lower())
    assert (used.status, used.body["state"], used.body["kind"]) == (200, "used", "press")
    assert set(used.body) == {"batch_id", "kind", "state", "redeemed_at"}
    assert (await state_of(codes[1])).body["state"] == "good"
    assert (await shop.as_developer("POST", f"{batch}/revoke")).body["state"] == "revoked"
    assert [(await state_of(code)).body["state"] for code in codes] == ["used", "revoked"]
    for code, where in ((codes[0], f"/v1/dev/packages/{second}/keys"), ("nonsense", path)):
        unknown = await state_of(code, where)
        assert (unknown.status, unknown.body["code"]) == (404, "library.key_not_found")
    assert (await shop.as_developer("GET", f"{path}/{uuid4()}")).status == 404


async def test_the_keys_of_an_organisation_are_its_own(shop: Shop) -> None:
    package_id = shop.add_package()
    (code,) = await shop.make(package_id)
    everything = f"/v1/dev/organizations/{shop.organisation_id}/keys"
    strangers = (RoleGrant.parse(f"owner@{uuid4()}"),)
    assert (await shop.as_developer("GET", everything, grants=strangers)).status == 404
    assert (await shop.as_developer("GET", everything, level="viewer")).status == 404
    look_up = f"/v1/dev/packages/{package_id}/keys/look-up"
    refused = await shop.as_developer("POST", look_up, grants=strangers, json={"code": code})
    assert (refused.status, refused.body["code"]) == (404, "library.package_not_found")
    assert (await shop.as_developer("GET", everything, level="editor")).status == 200
