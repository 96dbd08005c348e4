"""Promo codes are made by whose money they give away, found by who knows them, and by no guesser."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import Level, RoleGrant
from samovar.services.payment.promo import repository
from samovar.testing.hosting import Answer
from tests.services.payment.market import Market, faults, of
from tests.services.payment.promo.making import code, keep

STAFF: dict[str, Any] = {"roles": ("player", "finance"), "acr": "aal2"}
ADMIN = "/v1/admin/payments/promo-codes"
OWN = "/v1/dev/promo-codes"
# Beyond what can be kept once its offset is taken away, or beyond what anybody means.
FAR = (
    "0001-01-01T00:00:00+03:00",
    "0001-01-01T00:00:00Z",
    "1999-12-31T23:59:59Z",
    "2200-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999-14:00",
)


def rub(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "RUB"}


def soon(**span: float) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


async def make(market: Market, **fields: Any) -> Answer:
    wish = {"scope": "all", "percent": 10} | fields
    wish = {name: value for name, value in wish.items() if value is not None}
    return await market.ask("POST", ADMIN, uuid4(), json=wish, **STAFF)


async def make_own(
    market: Market, organisation_id: UUID, level: Level | None = "owner", **fields: Any
) -> Answer:
    wish = {"scope": "organisation", "percent": 10, "organisation_id": str(organisation_id)} | fields
    return await market.ask("POST", OWN, uuid4(), json=wish, **developer(organisation_id, level))


def developer(organisation_id: UUID, level: Level | None = "owner") -> dict[str, Any]:
    grants = (RoleGrant(level, organisation_id),) if level else ()
    return {"roles": ("player", "developer"), "grants": grants}


async def test_a_code_takes_off_what_it_says(market: Market) -> None:
    made = await make(market, code="Самовар 2026", percent=15)
    assert made.status == 201, made.body
    buyer = uuid4()
    answer = await market.quote(
        buyer, of(market.package(59_999, percent=33)), of(market.package(1)), promo_code="САМОВАР-2026"
    )
    assert answer.status == 201, answer.body
    first, second = answer.body["lines"]
    # 40199 × 0.85 = 34169.15; 1 × 0.85 = 0.85
    assert (first["promo_percent"], first["promo_discount"], first["final"]) == (15, rub(6_030), rub(34_169))
    assert (second["promo_discount"], second["final"]) == (rub(0), rub(1))
    assert (answer.body["subtotal"], answer.body["total"]) == (rub(40_200), rub(34_170))
    assert (answer.body["promo_code"], answer.body["promo_discount"]) == ("Самовар 2026", rub(6_030))
    # To be quoted uses nothing up.
    shown = await market.ask("GET", ADMIN, uuid4(), **STAFF)
    assert next(one for one in shown.body["items"] if one["id"] == made.body["id"])["redeemed"] == 0


async def test_an_amount_is_divided_over_what_it_counts_for(market: Market) -> None:
    studio = uuid4()
    made = await make_own(market, studio, percent=None, amount=rub(10_000), code=f"Сумма {uuid4().hex[:8]}")
    assert made.status == 201, made.body
    theirs = [market.package(price, organisation_id=studio) for price in (3_000, 5_000)]
    other = market.package(7_000)
    answer = await market.quote(uuid4(), *(of(one) for one in (*theirs, other)), promo_code=made.body["code"])
    assert [line["final"]["amount"] for line in answer.body["lines"]] == [0, 0, 7_000]
    assert answer.body["total"] == rub(7_000)


async def test_a_quote_ends_with_its_code(market: Market) -> None:
    ends_at = datetime.now(UTC) + timedelta(minutes=3)
    made = await make(market, ends_at=ends_at.isoformat())
    answer = await market.quote(uuid4(), of(market.package()), promo_code=made.body["code"])
    assert datetime.fromisoformat(answer.body["expires_at"]) == ends_at


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"starts_at": soon(days=1)}, "promo_not_begun"),
        ({"countries": ["KZ"]}, "promo_country"),
        ({"percent": None, "amount": {"amount": 100, "currency": "USD"}}, "promo_currency"),
        ({"minimum": rub(100_001)}, "promo_minimum"),
        ({"scope": "organisation", "organisation_id": str(uuid4())}, "promo_nothing"),
    ],
)
async def test_a_code_that_does_not_fit_says_why(market: Market, fields: dict[str, Any], reason: str) -> None:
    made = await make(market, **fields)
    assert made.status == 201, made.body
    buyer, game = uuid4(), market.package(100_000)
    answer = await market.quote(buyer, of(game), promo_code=made.body["code"])
    assert (answer.status, answer.body["code"]) == (409, "payment.promo_code_refused")
    assert faults(answer) == {"promo_code": reason}
    assert (await market.quote(buyer, of(game))).status == 201


async def test_a_code_that_was_ended_is_over(market: Market) -> None:
    made = await make(market)
    path = f"{ADMIN}/{made.body['id']}/end"
    ended = [await market.ask("POST", path, uuid4(), **STAFF) for _ in range(2)]
    assert [one.status for one in ended] == [200, 200]
    assert ended[0].body["ended_at"] == ended[1].body["ended_at"] is not None
    answer = await market.quote(uuid4(), of(market.package()), promo_code=made.body["code"])
    assert faults(answer) == {"promo_code": "promo_over"}
    assert (await market.ask("POST", f"{ADMIN}/{uuid4()}/end", uuid4(), **STAFF)).status == 404


async def test_codes_are_not_found_by_guessing(market: Market) -> None:
    guesser, game = uuid4(), market.package()
    made = await make(market)
    wrong = [await market.quote(guesser, of(game), promo_code=f"GUESS{number:04}") for number in range(10)]
    assert {faults(answer)["promo_code"] for answer in wrong} == {"promo_unknown"}
    # From then on a right one is answered as a wrong one is.
    for guess in ("GUESS9999", made.body["code"]):
        answer = await market.quote(guesser, of(game), promo_code=guess)
        assert (answer.status, answer.body["code"]) == (429, "payment.too_many_promo_codes")
        assert int(answer.headers["retry-after"]) > 0
    assert (await market.quote(guesser, of(game))).status == 201


async def test_who_has_a_code_may_quote_as_often_as_they_like(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    made = await make(market)
    answers = [await market.quote(buyer, of(game), promo_code=made.body["code"]) for _ in range(15)]
    assert {answer.status for answer in answers} == {201}


async def test_signs_that_are_no_code_are_unknown(market: Market) -> None:
    answer = await market.quote(uuid4(), of(market.package()), promo_code="—!—")
    assert faults(answer) == {"promo_code": "promo_unknown"}


async def test_a_drawn_code_is_long_and_each_is_another(market: Market) -> None:
    made = [(await make(market)).body["code"] for _ in range(5)]
    assert len(set(made)) == 5
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", one) for one in made)


async def test_two_codes_never_read_alike(market: Market) -> None:
    # The second is written with Latin letters.
    texts = ["ВОСТОК 77", "BOCTOK-77", "восток77"]
    answers = await asyncio.gather(*(make(market, code=text) for text in texts))
    assert sorted(answer.status for answer in answers) == [201, 409, 409]
    assert {one.body["code"] for one in answers if one.status == 409} == {"payment.promo_code_exists"}


@pytest.mark.parametrize(
    ("fields", "field", "fault"),
    [
        ({"code": "AB-12"}, "code", "promo_code_short"),
        ({"code": "A" * 33}, "code", "promo_code_long"),
        ({"code": "SAMOVAR\u202e1"}, "code", "unprintable"),
        ({"percent": 0}, "percent", "too_small"),
        ({"percent": 101}, "percent", "too_large"),
        ({"percent": None}, "percent", "percent_or_amount"),
        ({"amount": rub(100)}, "percent", "percent_or_amount"),
        ({"percent": None, "amount": rub(0)}, "amount.amount", "too_small"),
        ({"percent": None, "amount": rub(-5)}, "amount.amount", "too_small"),
        ({"minimum": rub(0)}, "minimum.amount", "too_small"),
        ({"scope": "packages"}, "package_ids", "promo_packages"),
        ({"package_ids": [str(uuid4())]}, "package_ids", "promo_packages"),
        ({"scope": "packages", "package_ids": [str(uuid4())]}, "package_ids[0]", "package_foreign"),
        ({"scope": "organisation"}, "organisation_id", "missing"),
        ({"organisation_id": str(uuid4())}, "scope", "promo_not_all"),
        ({"scope": "everything"}, "scope", "not_offered"),
        ({"countries": ["QQ"]}, "countries[0]", "country_unknown"),
        ({"countries": []}, "countries", "too_short"),
        ({"ends_at": soon(days=-1)}, "ends_at", "past"),
        ({"starts_at": soon(days=2), "ends_at": soon(days=1)}, "ends_at", "promo_ends_early"),
        *(
            ({field: moment}, field, "moment_out_of_range")
            for field in ("starts_at", "ends_at")
            for moment in FAR
        ),
        (
            {"percent": None, "amount": {"amount": 1, "currency": "ZZZ"}},
            "amount.currency",
            "currency_unknown",
        ),
        ({"minimum": {"amount": 1, "currency": "ZZZ"}}, "minimum.currency", "currency_unknown"),
        ({"limit_total": 0}, "limit_total", "too_small"),
        ({"limit_per_account": 0}, "limit_per_account", "too_small"),
        ({"redeemed": 5}, "redeemed", "unknown"),
    ],
)
async def test_a_code_that_makes_no_sense_names_the_field(
    market: Market, fields: dict[str, Any], field: str, fault: str
) -> None:
    answer = await make(market, **fields)
    assert (answer.status, faults(answer)) == (422, {field: fault})


async def test_two_currencies_make_no_code(market: Market) -> None:
    dollars = {"amount": 100, "currency": "USD"}
    answer = await make(market, percent=None, amount=rub(100), minimum=dollars)
    assert faults(answer) == {"minimum.currency": "promo_other_currency"}


async def test_a_moment_without_a_zone_is_refused(market: Market) -> None:
    assert (await make(market, ends_at="2030-01-01T00:00:00")).status == 422


@pytest.mark.parametrize(
    ("level", "status"), [("owner", 201), ("finance", 201), ("editor", 404), ("viewer", 404), (None, 404)]
)
async def test_a_developer_makes_codes_at_home_alone(
    market: Market, level: Level | None, status: int
) -> None:
    assert (await make_own(market, uuid4(), level)).status == status


async def test_a_developer_gives_away_their_own_alone(market: Market) -> None:
    studio = uuid4()
    theirs, foreign = market.package(organisation_id=studio), market.package()
    wish: dict[str, Any] = {"scope": "packages", "package_ids": [str(theirs.id), str(foreign.id)]}
    answer = await make_own(market, studio, **wish)
    assert (answer.status, faults(answer)) == (422, {"package_ids[1]": "package_foreign"})
    answer = await make_own(market, studio, scope="all")
    assert (answer.status, faults(answer)) == (422, {"scope": "promo_not_all"})
    answer = await make_own(market, studio, **wish | {"package_ids": [str(theirs.id)]})
    assert answer.status == 201, answer.body


async def test_a_developer_sees_and_ends_their_own_alone(market: Market) -> None:
    studio = uuid4()
    made = await make_own(market, studio)
    at = {"home": developer(studio), "abroad": developer(uuid4())}
    listed = await market.ask("GET", f"{OWN}?organisation_id={studio}", uuid4(), **at["home"])
    assert [one["id"] for one in listed.body["items"]] == [made.body["id"]]
    assert (await market.ask("GET", f"{OWN}?organisation_id={studio}", uuid4(), **at["abroad"])).status == 404
    path = f"{OWN}/{made.body['id']}/end"
    assert (await market.ask("POST", path, uuid4(), **at["abroad"])).status == 404
    assert (await market.ask("POST", path, uuid4(), **at["home"])).body["ended_at"] is not None
    platform = await make(market)
    assert (await market.ask("POST", f"{OWN}/{platform.body['id']}/end", uuid4(), **at["home"])).status == 404


async def test_nobody_else_makes_codes(market: Market) -> None:
    wish = {"scope": "all", "percent": 100}
    studio = uuid4()
    for who in ({}, {"roles": ("player", "support"), "acr": "aal2"}, developer(studio)):
        assert (await market.ask("POST", ADMIN, uuid4(), json=wish, **who)).status == 403
    stale = await market.ask("POST", ADMIN, uuid4(), json=wish, **STAFF, proved_ago_s=3_600)
    assert (stale.status, stale.body["code"]) == (401, "auth.step_up_required")
    own = wish | {"scope": "organisation", "organisation_id": str(studio)}
    assert (await market.ask("POST", OWN, uuid4(), json=own)).status == 403
    missing = await market.ask("POST", OWN, uuid4(), json=wish, **developer(studio))
    assert faults(missing) == {"organisation_id": "missing"}


async def test_without_catalog_no_code_for_packages_is_made(market: Market) -> None:
    wish = {"scope": "packages", "package_ids": [str(market.package().id)]}
    market.catalog.away = True
    try:
        answer = await make(market, **wish)
    finally:
        market.catalog.away = False
    assert (answer.status, answer.body["code"]) == (503, "payment.catalog_away")


async def test_an_organisation_has_only_so_many_codes(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samovar.services.payment.promo.use_cases.OPEN_PER_ORGANISATION_MAX", 3)
    studio = uuid4()
    answers = await asyncio.gather(*(make_own(market, studio) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201, 201, 201, 409, 409, 409]
    ended = next(answer.body["id"] for answer in answers if answer.status == 201)
    await market.ask("POST", f"{OWN}/{ended}/end", uuid4(), **developer(studio))
    assert (await make_own(market, studio)).status == 201


async def test_pages_of_codes_go_on(market: Market) -> None:
    studio = uuid4()
    for _ in range(3):
        await keep(market.database, code(scope="organisation", organisation_id=studio))
    path = f"{ADMIN}?organisation_id={studio}&limit=2"
    first = await market.ask("GET", path, uuid4(), **STAFF)
    rest = await market.ask("GET", f"{path}&cursor={first.body['next_cursor']}", uuid4(), **STAFF)
    ids = {one["id"] for one in (*first.body["items"], *rest.body["items"])}
    assert (len(ids), rest.body["next_cursor"]) == (3, None)
    assert len(await repository.list_codes(market.database, studio, None, 10)) == 3
