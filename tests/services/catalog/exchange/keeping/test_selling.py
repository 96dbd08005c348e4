"""What a file says of prices and discounts is judged as anybody's wish is; of the past the operator's word counts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from samovar.kit.database import Database
from samovar.services.catalog.exchange.use_cases import Summary
from tests.services.catalog.exchange.files import app, package, take, write

NOW = datetime.now(UTC).replace(microsecond=0)
RUB = {"amount": 59900, "currency": "RUB"}


def _codes(summary: Summary) -> list[tuple[int, str | None, str]]:
    return [(fault.line, fault.field, fault.code) for fault in summary.faults]


def _discount(of: str, *, in_days: int, days: int = 7, **fields: Any) -> dict[str, Any]:
    starts_at = NOW + timedelta(days=in_days)
    return {
        "record": "discount",
        "package": of,
        "kind": "custom",
        "percent": 30,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(days=days)).isoformat(),
    } | fields


def _past(of: str, days: int, amount: int = 49900, **fields: Any) -> dict[str, Any]:
    since = (NOW - timedelta(days=days)).isoformat()
    return {
        "record": "price_history",
        "package": of,
        "region": "RU",
        "amount": amount,
        "currency": "RUB",
        "since": since,
    } | fields


def _old(slug: str) -> list[dict[str, Any]]:
    """Return a game that came out long ago, with its package."""
    when = (NOW - timedelta(days=400)).date().isoformat()
    return [
        app(slug, origin="demo", page={"release": {"stage": "released", "on": when}}),
        package(f"{slug}-p", slug, prices={"RU": RUB}),
        _past(f"{slug}-p", 300, 59900),
    ]


async def test_each_bad_price_and_discount_is_named(own_database: Database, tmp_path: Path) -> None:
    cases: list[tuple[dict[str, Any], str | None, str]] = [
        (package("x1", "a", place=1, prices={"RU": {"amount": 500, "currency": "RUB"}}), "prices.RU", "price_below_minimum"),
        (package("x2", "a", place=2, prices={"ATLANTIS": RUB}), "prices.ATLANTIS", "region_unknown"),
        (package("x3", "a", place=3, prices={"RU": {"amount": 599, "currency": "USD"}}), "prices.RU.currency", "currency_wrong"),
        (_past("nothing", 9), "package", "package_unknown"),
        (_past("a-p", -9), "since", "not_past"),
        (_discount("nothing", in_days=2), "package", "package_unknown"),
        (_discount("a-p", in_days=2, percent=5), "percent", "percent_too_small"),
        (_discount("a-p", in_days=3, days=100), "ends_at", "discount_too_long"),
    ]  # fmt: skip
    lines = _old("a")
    summary = await take(own_database, write(tmp_path / "a.jsonl", *lines, *(line for line, _, _ in cases)))
    found = dict.fromkeys(line for line, _, _ in _codes(summary))
    assert list(found) == list(range(len(lines) + 1, len(lines) + 1 + len(cases)))
    for place, (_, field, code) in enumerate(cases, start=len(lines) + 1):
        named = [(one_field, one_code) for line, one_field, one_code in _codes(summary) if line == place]
        assert (field, code) in named, (place, named)
    assert await own_database.fetch_value("SELECT count(*) FROM discounts") == 0


async def test_a_discount_that_meets_another_is_refused_and_the_first_stays(
    own_database: Database, tmp_path: Path
) -> None:
    lines = [*_old("a"), _discount("a-p", in_days=5), _discount("a-p", in_days=9)]
    summary = await take(own_database, write(tmp_path / "a.jsonl", *lines))
    assert {line for line, _, _ in _codes(summary)} == {5}
    assert await own_database.fetch_value("SELECT count(*) FROM discounts") == 1


async def test_discounts_of_the_past_count_as_the_operator_says(
    own_database: Database, tmp_path: Path
) -> None:
    lines = [*_old("a"), *(_discount("a-p", in_days=days) for days in (-200, -100, 10))]
    summary = await take(own_database, write(tmp_path / "a.jsonl", *lines))
    assert _codes(summary) == []
    again = await take(own_database, tmp_path / "a.jsonl")
    assert (again.faults, again.counts.same) == ([], len(lines) + 1)


async def test_what_is_known_of_the_past_is_not_told_otherwise(
    own_database: Database, tmp_path: Path
) -> None:
    await take(own_database, write(tmp_path / "a.jsonl", *_old("a")))
    summary = await take(
        own_database, write(tmp_path / "b.jsonl", _past("a-p", 100, 39900), _past("a-p", 350, 39900))
    )
    assert _codes(summary) == [(1, "since", "price_known")]
    prices = "SELECT array_agg(amount ORDER BY since) FROM base_prices WHERE region = 'RU'"
    assert await own_database.fetch_value(prices) == [39900, 59900]


async def test_a_bundle_names_packages_that_there_are(own_database: Database, tmp_path: Path) -> None:
    bundle = {
        "record": "bundle",
        "names": {"ru": "Набор"},
        "kind": "complete_the_set",
        "discount_percent": 10,
    }
    lines = [
        *_old("a"),
        *_old("b"),
        bundle | {"slug": "good", "packages": ["a-p", "b-p"]},
        bundle | {"slug": "bad", "packages": ["a-p", "nothing"]},
        bundle | {"slug": "twice", "packages": ["a-p", "a-p"]},
        bundle | {"slug": "alone", "packages": ["a-p"]},
    ]
    summary = await take(own_database, write(tmp_path / "a.jsonl", *lines))
    assert _codes(summary) == [
        (8, "packages[1]", "package_unknown"),
        (9, "packages[1]", "repeated"),
        (10, "packages", "too_short"),
    ]
    assert await own_database.fetch_value("SELECT array_agg(slug) FROM bundles") == ["good"]


async def test_when_an_app_came_out_is_the_operators_word(own_database: Database, tmp_path: Path) -> None:
    moment = "2020-05-01T10:00:00Z"
    await take(own_database, write(tmp_path / "a.jsonl", app("a", released_at=moment)))
    released = "SELECT released_at = '2020-05-01T10:00:00Z' FROM app_releases"
    assert await own_database.fetch_value(released)
    later = await take(
        own_database, write(tmp_path / "b.jsonl", app("a", released_at="2021-05-01T10:00:00Z"))
    )
    assert (later.counts.changed, await own_database.fetch_value(released)) == (1, False)
