"""Payees and payouts over REST: who may, what is refused, and that nothing moves by what is refused."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import Level, RoleGrant
from samovar.testing.hosting import Answer, Running
from tests.services.payment.payouts.people import COMPANY, SELF_EMPLOYED
from tests.services.payment.revenue.selling import StillClock, delivered, splitter_of

OCTOBER = datetime(2026, 10, 10, 12, tzinfo=UTC)
PAYOUTS = "/v1/admin/payments/payouts"
DOCUMENT = {
    "payee": COMPANY,
    "seller": {"name": "ООО «Самовар»", "inn": "7707083893"},
    "sold": [],
    "refunded": [],
    "commission": 1_500_00,
    "commission_vat": 270_49,
    "commission_vat_percent": 22,
    "opening": 0,
    "movements": [{"code": "sale", "amount": 8_500_00}],
    "closing": 8_500_00,
    "reserve": 0,
}


def acting(level: Level, studio: UUID) -> dict[str, Any]:
    """Return who asks: somebody of a studio."""
    return {"account_id": uuid4(), "roles": ("developer",), "grants": (RoleGrant(level, studio),)}


async def put_payee(payment: Running, studio: UUID, body: dict[str, Any], **more: Any) -> Answer:
    """Write a payee as an owner of the studio, unless told otherwise."""
    who = acting("owner", studio) | more
    return await payment.request("PUT", f"/v1/dev/payees/{studio}", json=body, **who)


async def ask_staff(payment: Running, method: str, path: str, **more: Any) -> Answer:
    """Ask as somebody of finance, each time another person unless told otherwise."""
    who: dict[str, Any] = {"account_id": uuid4(), "roles": ("finance",)} | more
    headers = {"Idempotency-Key": str(uuid4())} | who.pop("headers", {})
    return await payment.request(method, path, headers=headers, **who)


async def with_earnings(payment: Running) -> UUID:
    """Return a studio that sold something in October."""
    studio = uuid4()
    assert (await put_payee(payment, studio, COMPANY)).status == 200
    await delivered(payment.database, 12_200_00, organisations=(studio,), now=OCTOBER)
    await splitter_of(payment.database, StillClock(OCTOBER)).split_batch()
    await payment.until(
        "SELECT NOT EXISTS (SELECT FROM sales WHERE split_at IS NULL AND delivered_at IS NOT NULL)"
    )
    return studio


async def test_an_owner_writes_and_reads_who_is_paid(payment: Running) -> None:
    studio = uuid4()
    written = await put_payee(payment, studio, COMPANY)
    assert written.status == 200
    assert written.body["details"]["inn"] == COMPANY["inn"]
    assert written.body["waits_until"]
    owner = acting("finance", studio)
    shown = await payment.request("GET", f"/v1/dev/payees/{studio}", **owner)
    assert (shown.status, shown.body) == (200, written.body)
    stale = await put_payee(payment, studio, COMPANY | {"name": "ООО «А»"}, headers={"If-Match": '"other"'})
    assert stale.status == 412
    fresh = await put_payee(
        payment, studio, COMPANY | {"name": "ООО «А»"}, headers={"If-Match": shown.headers["etag"]}
    )
    assert (fresh.status, fresh.body["version"]) == (200, 2)
    history = await payment.request("GET", f"/v1/dev/payees/{studio}/history", **owner)
    assert [one["version"] for one in history.body["items"]] == [2, 1]


@pytest.mark.parametrize(
    "who",
    [
        {"grants": ()},
        {"grants": (RoleGrant("editor", UUID(int=7)),)},
        {"grants": (RoleGrant("viewer", UUID(int=7)),)},
        {"grants": (RoleGrant("owner", UUID(int=8)),)},
    ],
)
async def test_others_do_not_learn_that_there_is_a_payee(payment: Running, who: dict[str, Any]) -> None:
    refused = await put_payee(payment, UUID(int=7), COMPANY, **who)
    assert (refused.status, refused.body["code"]) == (404, "payment.payee_not_found")
    shown = await payment.request(
        "GET", f"/v1/dev/payees/{UUID(int=7)}", account_id=uuid4(), roles=("developer",), **who
    )
    assert shown.status == 404


async def test_players_and_stale_proofs_do_not_pass(payment: Running) -> None:
    studio = uuid4()
    assert (await put_payee(payment, studio, COMPANY, roles=("player",))).status == 403
    assert (await put_payee(payment, studio, COMPANY, proved_ago_s=601)).status == 401
    assert (await ask_staff(payment, "GET", PAYOUTS, roles=("support",))).status == 403
    assert (
        await ask_staff(payment, "POST", PAYOUTS, json={"period": "2026-10"}, proved_ago_s=601)
    ).status == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"inn": "7707083894"}, "inn"),
        ({"inn": "abc"}, "inn"),
        ({"inn": ""}, "inn"),
        ({"kpp": None}, "kpp"),
        ({"ogrn": "1"}, "ogrn"),
        ({"bank_number": "40702810000000000000"}, "bank_number"),
        ({"bik": "999999999"}, "bik"),
        ({"name": ""}, "name"),
        ({"name": "а\x00б"}, "name"),
        ({"name": "а" * 301}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "ООО \u202e«А»"}, "name"),
        ({"bank_name": "\u3164"}, "bank_name"),
        ({"contract_number": "7\u200b"}, "contract_number"),
        ({"legal_address": " "}, "legal_address"),
        ({"contract_date": "2126-01-01"}, "contract_date"),
        ({"vat_regime": "vat_99"}, "vat_regime"),
        ({"contract_date": "2026-13-01"}, "contract_date"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_wrong_details_are_named_and_not_kept(
    payment: Running, change: dict[str, Any], field: str
) -> None:
    studio = uuid4()
    refused = await put_payee(payment, studio, COMPANY | change)
    assert refused.status == 422
    assert field in {fault["field"] for fault in refused.body["errors"]}
    assert (
        await payment.database.fetch_value("SELECT count(*) FROM payees WHERE organisation_id = $1", studio)
        == 0
    )


async def test_a_payout_is_proposed_approved_and_waits_with_its_reason(payment: Running) -> None:
    studio = await with_earnings(payment)
    person, key = uuid4(), {"Idempotency-Key": str(uuid4())}
    body = {"period": "2026-10", "organisation_ids": [str(studio)]}
    proposed = await ask_staff(payment, "POST", PAYOUTS, json=body, account_id=person, headers=key)
    assert proposed.status == 201
    again = await ask_staff(payment, "POST", PAYOUTS, json=body, account_id=person, headers=key)
    assert again.body == proposed.body
    [payout] = proposed.body["payouts"]
    # Nobody had said how the studio is taxed when it sold this: no VAT was withheld.
    assert payout["amount"] == {"amount": 10_370_00, "currency": "RUB"}
    path = f"{PAYOUTS}/{payout['id']}"
    own = await ask_staff(payment, "POST", f"{path}/approve", account_id=person)
    assert (own.status, own.body["code"]) == (403, "payment.second_person_needed")
    assert (await ask_staff(payment, "POST", f"{path}/approve")).body["status"] == "approved"
    twice = await ask_staff(payment, "POST", f"{path}/approve")
    assert (twice.status, twice.body["code"]) == (409, "payment.payout_decided")
    owner = acting("owner", studio)
    await payment.until("SELECT waits_for FROM payouts WHERE id = $1::uuid", UUID(payout["id"]))
    shown = await payment.request("GET", f"/v1/dev/payouts/{payout['id']}", **owner)
    # The details are of today, and there is neither bank nor auth in this test: the nearest reason is named.
    assert shown.body["waits_for"] in {"details_new", "bank_missing", "holds_unknown"}
    assert "proposed_by" not in shown.body
    listed = await payment.request("GET", f"/v1/dev/payouts?organisation_id={studio}", **owner)
    assert [one["id"] for one in listed.body["items"]] == [payout["id"]]
    declined = await ask_staff(payment, "POST", f"{path}/decline", json={"reason": "Ошиблись"})
    assert (declined.status, declined.body["status"]) == (200, "declined")
    earned = await payment.request("GET", f"/v1/dev/earnings?organisation_id={studio}", **owner)
    assert (earned.body[0]["payable"], earned.body[0]["on_the_way"]) == (10_370_00, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"period": "2026-13"}, "period"),
        ({"period": "9999-01"}, "period"),
        ({"period": "2099-01"}, "period"),
        ({"period": "2026-10", "organisation_ids": []}, "organisation_ids"),
        ({"period": "2026-10", "organisation_ids": ["x"]}, "organisation_ids[0]"),
        ({"period": "2026-10", "amount": 5}, "amount"),
        ({}, "period"),
    ],
)
async def test_nonsense_proposes_nothing(payment: Running, body: dict[str, Any], field: str) -> None:
    before = await payment.database.fetch_value("SELECT count(*) FROM payouts")
    refused = await ask_staff(payment, "POST", PAYOUTS, json=body)
    assert refused.status == 422
    assert field in {fault["field"] for fault in refused.body["errors"]}
    assert await payment.database.fetch_value("SELECT count(*) FROM payouts") == before


async def test_an_act_is_shown_as_json_table_and_page(payment: Running) -> None:
    studio = uuid4()
    assert (await put_payee(payment, studio, COMPANY)).status == 200
    # As the job wrote it at the end of its month.
    async with payment.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO statements (organisation_id, currency, period, document, issued_at) VALUES ($1, 'RUB', $2, $3, $4)",
            studio,
            OCTOBER.date().replace(day=1),
            DOCUMENT,
            OCTOBER,
        )
    owner = acting("owner", studio)
    path = f"/v1/dev/statements/{studio}"
    absent = await payment.request("GET", f"{path}?period=2026-08", **owner)
    assert (absent.status, absent.body["code"]) == (404, "payment.statement_not_found")
    shown = await payment.request("GET", f"{path}?period=2026-10", **owner)
    assert shown.body["document"]["closing"] == 8_500_00
    table = await payment.request("GET", f"{path}/csv?period=2026-10", **owner)
    assert table.headers["content-disposition"] == 'attachment; filename="act-2026-10.csv"'
    printed = await payment.request("GET", f"{path}/page?period=2026-10", **owner)
    assert "Восемь тысяч пятьсот рублей 00 копеек" in printed.body.decode()
    assert "default-src 'none'" in printed.headers["content-security-policy"]
    listed = await payment.request("GET", f"/v1/dev/statements?organisation_id={studio}", **owner)
    assert [one["period"] for one in listed.body["items"]] == ["2026-10"]
    stranger = owner | {"grants": (RoleGrant("owner", uuid4()),)}
    assert (await payment.request("GET", f"{path}?period=2026-10", **stranger)).status == 404


async def test_a_receipt_of_another_place_is_refused(payment: Running) -> None:
    studio = uuid4()
    assert (await put_payee(payment, studio, SELF_EMPLOYED)).status == 200
    owner = acting("owner", studio)
    for url in (
        "http://lknpd.nalog.ru/x",
        "https://evil.ru/lknpd.nalog.ru/",
        "https://lknpd.nalog.ru.evil.ru/x",
        "",
    ):
        refused = await payment.request(
            "POST",
            f"/v1/dev/payouts/{uuid4()}/receipt",
            json={"url": url},
            headers={"Idempotency-Key": str(uuid4())},
            **owner,
        )
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "url")


async def test_tiers_are_added_for_a_time_to_come_and_never_changed(payment: Running) -> None:
    path = "/v1/admin/payments/tiers"
    body = {
        "currency": "RUB",
        "valid_from": "2030-01-01T00:00:00Z",
        "tiers": [{"above": 0, "basis_points": 1200}],
        "reason": "Новый договор",
    }
    added = await ask_staff(payment, "POST", path, json=body)
    assert (added.status, added.body["tiers"]) == (201, [{"above": 0, "basis_points": 1200}])
    taken = await ask_staff(payment, "POST", path, json=body)
    assert taken.body["errors"][0]["code"] == "tiers_taken"
    for change, code in (
        ({"valid_from": "2020-01-01T00:00:00Z"}, "must_be_future"),
        ({"valid_from": "0001-01-01T00:00:00+03:00"}, "moment_out_of_range"),
        ({"valid_from": "2200-01-01T00:00:00Z"}, "moment_out_of_range"),
        ({"valid_from": "9999-12-31T23:59:59.999999-14:00"}, "moment_out_of_range"),
        ({"currency": "ZZZ"}, "currency_unknown"),
        ({"tiers": [{"above": 5, "basis_points": 1}]}, "tiers_from_zero"),
        ({"tiers": [{"above": 0, "basis_points": 1}, {"above": 0, "basis_points": 2}]}, "tiers_order"),
    ):
        refused = await ask_staff(payment, "POST", path, json=body | change)
        fault = refused.body["errors"][0]
        assert (refused.status, fault["field"], fault["code"]) == (422, next(iter(change)), code)
    listed = await ask_staff(payment, "GET", path)
    assert [one["reason"] for one in listed.body] == ["Новый договор", "The first table"]
