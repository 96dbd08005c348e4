"""REST: who wishes for an app, looks at it and plays it, as catalog and library count."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.services.developer.bureau import Bureau

DAYS = "since=2026-10-15&until=2026-11-27"


class Studio:
    """An organisation with an app that people wish for, look at and play."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.organisation_id = uuid4()
        self.app_id = bureau.shelf.add_app(self.organisation_id)
        one, numbers = str(self.app_id), bureau.numbers
        numbers.wishes |= {
            (one, "2026-10-14"): (99, 99, 99),
            (one, "2026-10-20"): (5, 1, 0),
            (one, "2026-11-01"): (3, 0, 2),
            (one, "2026-11-27"): (1, 1, 1),
        }
        numbers.views |= {
            (one, "2026-10-20", "search"): (10, 8),
            (one, "2026-11-01", "home"): (4, 4),
            (one, "2026-11-01", "search"): (6, 3),
        }

    async def report(self, kind: str, query: str = DAYS, *, level: str = "viewer") -> Any:
        """Return a report as somebody of the organisation gets it."""
        path = f"/v1/dev/apps/{self.app_id}/reports/{kind}?{query}"
        return await self.bureau.ask("GET", path, f"{level}@{self.organisation_id}")


@pytest.fixture
def studio(bureau: Bureau) -> Studio:
    return Studio(bureau)


def lines(report: Any, *names: str) -> list[tuple[Any, ...]]:
    """Return the lines of a report."""
    return [tuple(row[name] for name in names) for row in report.body["rows"]]


async def test_wishlists_add_up_by_day_and_month(studio: Studio) -> None:
    names = ("day", "added", "removed", "conversions")
    days = await studio.report("wishlists")
    assert lines(days, *names) == [
        ("2026-10-20", 5, 1, 0),
        ("2026-11-01", 3, 0, 2),
        ("2026-11-27", 1, 1, 1),
    ]
    assert days.body["totals"] == [{"day": None, "added": 9, "removed": 2, "conversions": 3}]
    months = await studio.report("wishlists", f"{DAYS}&by=month")
    assert lines(months, *names) == [("2026-10-01", 5, 1, 0), ("2026-11-01", 4, 1, 3)]
    none = await studio.report("wishlists", "since=2026-10-16&until=2026-10-16")
    assert (none.body["rows"], none.body["totals"][0]["added"]) == ([], 0)


async def test_traffic_adds_up_by_day_month_and_source(studio: Studio) -> None:
    names = ("day", "source", "views", "visitors")
    assert lines(await studio.report("traffic"), *names) == [
        ("2026-10-20", None, 10, 8),
        ("2026-11-01", None, 10, 7),
    ]
    by_source = await studio.report("traffic", f"{DAYS}&by=source")
    assert lines(by_source, *names) == [(None, "home", 4, 4), (None, "search", 16, 11)]
    assert by_source.body["totals"] == [{"day": None, "source": None, "views": 20, "visitors": 15}]
    months = await studio.report("traffic", f"{DAYS}&by=month&by=source")
    assert lines(months, *names) == [
        ("2026-10-01", "search", 10, 8),
        ("2026-11-01", "home", 4, 4),
        ("2026-11-01", "search", 6, 3),
    ]
    assert (await studio.report("traffic", f"{DAYS}&by=month&by=day")).body["errors"][0]["field"] == "by"


async def test_play_is_asked_for_by_days_of_moscow(studio: Studio) -> None:
    studio.bureau.numbers.play[str(studio.app_id)] = [0, 3, 1]
    report = await studio.report("playtime", "since=2026-11-01&until=2026-11-03")
    assert lines(report, "day", "players", "sessions", "minutes", "median_minutes") == [
        ("2026-11-02", 3, 6, 4, 1),
        ("2026-11-03", 1, 2, 1, 1),
    ]
    assert studio.bureau.numbers.bounds[3] == [
        datetime(2026, 10, 31, 21, tzinfo=UTC),
        datetime(2026, 11, 1, 21, tzinfo=UTC),
        datetime(2026, 11, 2, 21, tzinfo=UTC),
        datetime(2026, 11, 3, 21, tzinfo=UTC),
    ]


async def test_months_of_play_are_cut_by_the_days_asked_for(studio: Studio) -> None:
    studio.bureau.numbers.play[str(studio.app_id)] = [2, 5]
    report = await studio.report("playtime", "since=2026-09-15&until=2026-10-10&by=month")
    assert lines(report, "day", "players") == [("2026-09-01", 2), ("2026-10-01", 5)]
    # Somebody who plays in both counts once: the whole time is asked for by itself.
    assert report.body["totals"][0]["players"] == 2
    whole = studio.bureau.numbers.bounds[1]
    assert whole == [datetime(2026, 9, 14, 21, tzinfo=UTC), datetime(2026, 10, 10, 21, tzinfo=UTC)]


@pytest.mark.parametrize("query", ["until=0001-01-01", "since=9999-01-01&until=9999-12-31"])
async def test_days_without_a_platform_are_empty(studio: Studio, query: str) -> None:
    for kind in ("wishlists", "traffic", "playtime"):
        report = await studio.report(kind, query)
        assert (report.status, report.body["rows"], len(report.body["totals"])) == (200, [], 1), kind


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("wishlists", "day,added,removed,conversions"),
        ("traffic", "day,source,views,visitors"),
        ("playtime", "day,players,sessions,minutes,median_minutes"),
    ],
)
async def test_tables_say_the_same(studio: Studio, kind: str, head: str) -> None:
    studio.bureau.numbers.play[str(studio.app_id)] = [1]
    report = await studio.report(kind)
    table = await studio.report(f"{kind}/csv")
    assert table.headers["content-disposition"] == f'attachment; filename="{kind}-2026-10-15-2026-11-27.csv"'
    first, *rows, last = table.body.decode("utf-8-sig").split("\r\n")
    assert (first, len(rows), last) == (head, len(report.body["rows"]), "")


@pytest.mark.parametrize("kind", ["wishlists", "traffic", "playtime", "wishlists/csv"])
async def test_each_organisation_sees_its_own(studio: Studio, kind: str) -> None:
    ask, path = studio.bureau.ask, f"/v1/dev/apps/{studio.app_id}/reports/{kind}"
    for level in ("owner", "editor", "finance", "viewer"):
        assert (await studio.report(kind, level=level)).status == 200
    assert (await studio.bureau.as_staff("GET", path, "admin")).status == 200
    stranger = await ask("GET", path, f"owner@{uuid4()}")
    assert (stranger.status, stranger.body["code"]) == (404, "developer.report_not_found")
    player = await studio.bureau.developer.request("GET", path, account_id=uuid4())
    assert player.status == 403
    imported = studio.bureau.shelf.add_app(None)
    assert (await ask("GET", f"/v1/dev/apps/{imported}/reports/{kind}", f"owner@{uuid4()}")).status == 404


async def test_a_level_for_a_game_is_one_for_its_dlc(studio: Studio) -> None:
    dlc: UUID = studio.bureau.shelf.add_app(
        studio.organisation_id, kind="dlc", base_app_id=str(studio.app_id)
    )
    path = f"/v1/dev/apps/{dlc}/reports/traffic"
    for game, status in ((studio.app_id, 200), (dlc, 200), (uuid4(), 404)):
        answer = await studio.bureau.ask("GET", path, f"viewer@{studio.organisation_id}/{game}")
        assert answer.status == status


async def test_who_does_not_answer_is_named(studio: Studio) -> None:
    studio.bureau.numbers.away = True
    codes = [(await studio.report(kind)).body["code"] for kind in ("wishlists", "traffic", "playtime")]
    studio.bureau.numbers.away = False
    assert codes == ["developer.catalog_away", "developer.catalog_away", "developer.library_away"]
