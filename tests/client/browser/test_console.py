"""A developer's way in a real browser: from an organisation and a draft over a moderator to the store and the first sale."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from samovar.testing.platform import Platform
from tests.client.browser import developing
from tests.client.browser.conftest import WAIT_MS, Client
from tests.client.browser.developing import fits
from tests.journeys.market import Good, Market
from tests.journeys.test_publishing import Person as Caller

# Whoever confirms may be asked again after a minute or two.
CONFIRMED_WITHIN_S = 240.0
SHOWN_WITHIN_S = 120.0
# Of 499 roubles, a fifth less; 15 % of it is the platform's.
REDUCED, EARNED = 39_920, "339,32"


async def test_a_developer_goes_from_nothing_to_a_sale(
    client: Client, platform: Platform, tmp_path: Path
) -> None:
    slug = f"chajnik-{client.kind}"
    person, organisation_id = await developing.found(client)
    caller = await developing.caller_of(platform, person)
    app_id = await developing.draft(client, organisation_id, slug)
    async with asyncio.TaskGroup() as meanwhile:
        meanwhile.create_task(developing.push(platform, caller, app_id, tmp_path))
        await developing.write_page(client, app_id)
        await developing.set_prices(client, app_id)
    await developing.give(client, app_id)
    await released(client, caller, organisation_id, app_id)
    await seen_by_a_stranger(client, slug)
    await sold(client, caller, app_id, slug)


async def released(client: Client, caller: Caller, organisation_id: str, app_id: str) -> None:
    """Submit, be sent back, submit again, be approved, release."""
    platform = client.platform

    async def confirmed() -> bool:
        legal = await caller.ask("GET", f"/v1/dev/organizations/{organisation_id}/legal")
        return legal.body["confirmed"] is not None

    await platform.until(confirmed, within_s=CONFIRMED_WITHIN_S)
    await client.open(f"/dev/apps/{app_id}")
    await client.click("release.submit")
    await client.see("release.waiting")
    await developing.decide(platform, app_id, "request-changes", developing.REMARK)
    await client.click("release.look")
    assert developing.REMARK in await client.text("release.reason")
    await client.see("release.mend")
    await fits(client, "sent-back")
    await says_what_is_not_saved(client)
    await developing.click(client, "release.submit")
    await client.see("release.waiting")
    await developing.decide(platform, app_id, "approve", "В порядке")
    await client.click("release.look")
    await client.see("release.now")
    await fits(client, "approved")
    await client.click("release.take_back")
    await client.click("release.sure.no")
    await client.gone("release.sure.no")
    # What is planned can be planned anew, or be done now.
    day = datetime.now(UTC) + timedelta(days=90)
    for moment in ("12:15", "18:45"):
        await planned(client, f"{day:%d.%m.%Y} {moment}", moment)
    await fits(client, "planned")
    await developing.click(client, "release.now")
    await client.click("release.sure.yes")
    await client.see("release.in_store")
    await fits(client, "released")


async def says_what_is_not_saved(client: Client) -> None:
    """Leave the editor with something unsaved: a moderator would not see it, so it is not submitted."""
    await client.click("release.mend")
    await developing.fill(client, "editor.title", "Чайник, который не сохранён")
    await client.page.go_back()
    await client.see("release.unsaved")
    assert await client.named("release.submit").count() == 0
    await client.click("release.unsaved.change")
    await client.see("editor.title")
    await developing.click(client, "editor.drop")
    await client.page.go_back()
    await client.see("release.submit")


async def planned(client: Client, typed: str, said: str) -> None:
    """Plan the release, and see for when."""
    await developing.fill(client, "release.at", typed)
    await developing.click(client, "release.plan")

    async def is_said() -> bool:
        return said in await client.text("release.waiting")

    await client.platform.until(is_said, within_s=SHOWN_WITHIN_S)


async def seen_by_a_stranger(client: Client, slug: str) -> None:
    """Find the page in a browser where nobody is signed in."""
    platform = client.platform

    async def shown() -> bool:
        game = await platform.request("GET", f"/v1/games/{slug}")
        if game.status != 200 or (game.body["price"] or {}).get("discount_percent") != 20:
            return False
        sold = {one["name"]: one["price"] for one in game.body["packages"]}
        return bool(sold[developing.EDITION]["final"]["amount"] == 99_900)

    await platform.until(shown, within_s=SHOWN_WITHIN_S)
    other = await client.beside()
    await other.open(f"/game/{slug}")
    await other.page.get_by_text("399,20").first.wait_for(timeout=WAIT_MS)
    assert developing.SHOWN in await other.text("gallery.picture")
    await other.picture("console-stranger")
    await other.page.context.close()
    assert other.faults == []


async def sold(client: Client, caller: Caller, app_id: str, slug: str) -> None:
    """Buy the game beside the browser; the graph of the developer shows it."""
    platform = client.platform
    market = Market(platform)
    page = await platform.request("GET", f"/v1/games/{slug}")
    good = Good(UUID(app_id), UUID(page.body["package_id"]))
    buyer = await market.buyer(wallet=REDUCED)
    placed = await market.order(buyer, (await market.quote(buyer, good)).body)
    assert (placed.body["status"], placed.body["total"]["amount"]) == ("paid", REDUCED)

    async def counted() -> bool:
        report = await caller.ask("GET", f"/v1/dev/apps/{app_id}/reports/sales")
        return report.status == 200 and [one["units"] for one in report.body["totals"]] == [1]

    await platform.until(counted, within_s=SHOWN_WITHIN_S)
    await client.open(f"/dev/apps/{app_id}/reports")
    assert EARNED in await client.text("reports.chart")
    await fits(client, "reports")
