"""REST of statistics."""

from uuid import uuid4

from samovar.testing.hosting import Running


async def test_statistics_are_ones_own_and_asked_for_strictly(library: Running) -> None:
    shown = await library.request(
        "GET", "/v1/library/statistics?by=week&since=2026-01-01&until=2026-03-01", account_id=uuid4()
    )
    assert (shown.status, shown.body["since"], shown.body["steps"]) == (200, "2026-01-01", [])
    for query in ("by=hour", "since=yesterday", "offset_minutes=9000", "since=2026-02-01&until=2026-01-01"):
        refused = await library.request("GET", f"/v1/library/statistics?{query}", account_id=uuid4())
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, query.partition("=")[0])
    assert (await library.request("GET", "/v1/library/statistics")).status == 401
