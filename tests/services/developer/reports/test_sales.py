"""REST: what was sold of an app, of what payment has counted."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.ids import new_id
from samovar.services.developer.reports import use_cases
from samovar.services.payment.contract.revenue_events import SalesChange, SalesCounted
from tests.services.developer.bureau import NOW, Bureau

DAYS = "since=2026-11-01&until=2026-12-31"


class Seller:
    """An organisation with an app that is sold in two packages."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.organisation_id = uuid4()
        self.app_id = bureau.shelf.add_app(self.organisation_id)
        self.packages = [bureau.shelf.add_package(self.app_id) for _ in range(2)]

    def change(self, package: int = 0, **said: Any) -> SalesChange:
        """Return one copy for 100 roubles, sold in Russia on the 27th, unless said otherwise."""
        sold = {"units": 1, "gross": 100_00, "tax": 16_67, "commission": 12_50, "developer": 70_83}
        fields = {"country": "RU", "currency": "RUB", "day": date(2026, 11, 27), **sold, **said}
        return SalesChange(organisation_id=self.organisation_id, package_id=self.packages[package], **fields)

    async def tell(self, *changes: SalesChange, event_id: UUID | None = None) -> None:
        """Let payment tell of sales, and wait until they are counted with their pages."""
        before = await self._units()
        event = SalesCounted(changes=changes, counted_at=NOW)
        await self.bureau.developer.announce(event, event_id=event_id)
        added = sum(change.units + change.refunded_units for change in changes)
        await self.bureau.developer.until(
            """
            SELECT sum(units + refunded_units) = $2 AND bool_and(p.app_id IS NOT NULL)
            FROM sales_days d JOIN sold_packages p USING (package_id) WHERE organisation_id = $1
            """,
            self.organisation_id,
            before + added,
        )

    async def report(self, query: str = DAYS, *, kind: str = "sales", level: str = "finance") -> Any:
        """Return the report as somebody of the organisation gets it."""
        path = f"/v1/dev/apps/{self.app_id}/reports/{kind}?{query}"
        return await self.bureau.ask("GET", path, f"{level}@{self.organisation_id}")

    async def _units(self) -> int:
        found = await self.bureau.developer.database.fetch_value(
            "SELECT coalesce(sum(units + refunded_units), 0)::bigint FROM sales_days WHERE organisation_id = $1",
            self.organisation_id,
        )
        return int(found)


@pytest.fixture
def seller(bureau: Bureau) -> Seller:
    return Seller(bureau)


def amounts(row: Any) -> tuple[int, ...]:
    """Return what a line counts."""
    return tuple(row[name] for name in ("units", "gross", "refunded_units", "refunds", "net"))


async def test_sales_add_up_by_day_country_and_package(seller: Seller) -> None:
    back = {
        "units": 0,
        "gross": 0,
        "tax": 0,
        "commission": 0,
        "developer": 0,
        "refunded_units": 1,
        "refunds": 100_00,
        "refunded_tax": 16_67,
        "refunded_commission": 12_50,
        "refunded_developer": 70_83,
    }
    await seller.tell(
        seller.change(),
        seller.change(1, country="KZ"),
        seller.change(day=date(2026, 12, 1)),
        seller.change(day=date(2026, 12, 2), **back),
    )
    await seller.tell(seller.change())
    report = (await seller.report()).body
    assert [(row["day"], *amounts(row)) for row in report["rows"]] == [
        ("2026-11-27", 3, 300_00, 0, 0, 212_49),
        ("2026-12-01", 1, 100_00, 0, 0, 70_83),
        ("2026-12-02", 0, 0, 1, 100_00, -70_83),
    ]
    [total] = report["totals"]
    assert (*amounts(total), total["tax"], total["commission"]) == (
        4,
        400_00,
        1,
        100_00,
        212_49,
        50_01,
        37_50,
    )
    months = (await seller.report(f"{DAYS}&by=month&by=country")).body["rows"]
    assert [(row["day"], row["country"], row["units"]) for row in months] == [
        ("2026-11-01", "KZ", 1),
        ("2026-11-01", "RU", 2),
        ("2026-12-01", "RU", 1),
    ]
    packages = (await seller.report(f"{DAYS}&by=package")).body["rows"]
    assert {(row["package_id"], row["units"]) for row in packages} == {
        (str(seller.packages[0]), 3),
        (str(seller.packages[1]), 1),
    }
    only = (await seller.report("since=2026-12-02&until=2026-12-02&by=currency")).status
    assert only == 422


async def test_an_event_that_comes_twice_counts_once(seller: Seller) -> None:
    event_id = new_id()
    await seller.tell(seller.change(), event_id=event_id)
    await seller.bureau.developer.announce(
        SalesCounted(changes=(seller.change(),), counted_at=NOW), event_id=event_id
    )
    await seller.tell(seller.change(1))
    assert (await seller.report()).body["totals"][0]["units"] == 2


async def test_a_table_says_the_same(seller: Seller) -> None:
    await seller.tell(seller.change())
    answer = await seller.report(kind="sales/csv")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.body.decode("utf-8-sig").split("\r\n")
    assert lines == [
        "day,country,package_id,currency,units,gross,refunded_units,refunds,tax,commission,net",
        "2026-11-27,,,RUB,1,10000,0,0,1667,1250,7083",
        "",
    ]


async def test_only_those_who_see_the_money_see_sales(seller: Seller) -> None:
    assert (await seller.report(level="owner")).status == 200
    for level in ("editor", "viewer"):
        answer = await seller.report(level=level)
        assert (answer.status, answer.body["code"]) == (404, "developer.report_not_found")
    path = f"/v1/dev/apps/{seller.app_id}/reports/sales"
    assert (await seller.bureau.ask("GET", path, f"owner@{uuid4()}")).status == 404
    unknown = f"/v1/dev/apps/{uuid4()}/reports/sales"
    assert (await seller.bureau.ask("GET", unknown, f"owner@{seller.organisation_id}")).status == 404
    assert (await seller.bureau.as_staff("GET", path, "finance")).status == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-12-02&until=2026-12-01", "until"),
        ("since=2024-01-01&until=2026-01-01", "since"),
        ("since=0001-01-01&until=0001-01-02&by=day&by=month", "by"),
        ("since=yesterday", "since"),
        ("by=day&by=country&by=package&by=month&by=day", "by"),
        ("until=0001-01-01", None),
    ],
)
async def test_nonsense_names_its_field(seller: Seller, query: str, field: str | None) -> None:
    answer = await seller.report(query)
    if field is None:
        assert answer.status == 200
    else:
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)


async def test_a_report_has_only_so_many_lines(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "ROWS_MAX", 1)
    await seller.tell(seller.change(), seller.change(country="KZ"))
    assert (await seller.report()).status == 200
    answer = await seller.report(f"{DAYS}&by=country")
    assert (answer.status, answer.body["code"]) == (409, "developer.report_too_long")


async def test_without_catalog_it_is_said(seller: Seller) -> None:
    seller.bureau.shelf.away = True
    answer = await seller.report()
    seller.bureau.shelf.away = False
    assert (answer.status, answer.body["code"]) == (503, "developer.catalog_away")
