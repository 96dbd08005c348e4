"""A developer's way in a real browser: from an organisation and a draft over a moderator to the store."""

import random

from samovar.testing.platform import Platform
from tests.client.browser.conftest import PASSWORD, Client, Person
from tests.client.browser.test_account import signed_up
from tests.journeys.test_publishing import Person as Developer
from tests.journeys.test_publishing import draft, somebody

# Whoever confirms may be asked again after a minute or two.
CONFIRMED_WITHIN_S = 240.0
SHOWN_WITHIN_S = 120.0
SCREENS = {
    "page": "editor.save",
    "prices": "prices.on_sale",
    "builds": "builds.copy",
    "reports": "reports.chart",
}
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def company_inn() -> str:
    """Return the number of a company of Moscow that nobody else has; the simulated register does not know each region."""
    digits = [7, 7, *(random.randint(1, 9) for _ in _INN_WEIGHTS[2:])]
    check = sum(one * weight for one, weight in zip(digits, _INN_WEIGHTS, strict=True)) % 11 % 10
    return "".join(map(str, [*digits, check]))


async def token_of(platform: Platform, person: Person) -> str:
    """Sign somebody in beside the browser."""
    signed = await platform.request(
        "POST", "/v1/auth/login", json={"login": person.email, "password": PASSWORD}
    )
    assert signed.status == 200, signed.body
    return str(signed.body["access_token"])


async def fits(client: Client, name: str) -> None:
    """Photograph a screen that reaches nowhere out of its window."""
    assert await client.too_wide() == []
    await client.picture(f"console-{name}")


async def founded(client: Client) -> tuple[Person, str]:
    """Found an organisation and say what it is in law; return its owner and its id."""
    person = await signed_up(client)
    await client.open("/dev")
    await fits(client, "empty")
    await client.click("console.found")
    await client.click("console.found.submit")
    assert "Заполните" in await client.text("console.found.name.error")
    await client.fill("console.found.name", "Чайная студия")
    await client.click("console.found.submit")
    await client.see("organisation.empty")
    organisation_id = str(await client.page.evaluate("location.pathname")).rpartition("/")[2]
    await client.click("organisation.tab.legal")
    await client.fill("legal.inn", "1234567890")
    await client.click("legal.submit")
    assert "цифра" in await client.text("legal.inn.error")
    await client.fill("legal.inn", company_inn())
    await client.click("legal.submit")
    await client.see("legal.open")
    await fits(client, "legal")
    client.faults.clear()
    return person, organisation_id


async def drafted(client: Client, organisation_id: str, slug: str) -> str:
    """Make a draft; return the app's id."""
    await client.open(f"/dev/organisations/{organisation_id}?part=new")
    await client.fill("app.new.title", "Чайник на краю света")
    await client.fill("app.new.slug", slug)
    await client.fill("app.new.short_description", "Тихая игра о чайнике.")
    await fits(client, "new")
    await client.click("app.new.submit")
    await client.see("release.item.text")
    await fits(client, "missing")
    return str(await client.page.evaluate("location.pathname")).rpartition("/")[2]


async def approved(platform: Platform, app_id: str) -> None:
    """Let a moderator approve what waits."""
    moderator = await somebody(platform, "moderator")
    waiting = await moderator.ask("GET", "/v1/admin/submissions?limit=100")
    (submission_id,) = [one["id"] for one in waiting.body["items"] if one["app_id"] == app_id]
    decided = await moderator.ask(
        "POST", f"/v1/admin/submissions/{submission_id}/approve", json={"reason": "В порядке"}
    )
    assert decided.status == 200, decided.body


async def test_a_developer_founds_an_organisation_and_makes_a_draft(client: Client) -> None:
    _, organisation_id = await founded(client)
    await drafted(client, organisation_id, f"chajnik-{client.kind}")


async def test_a_draft_is_looked_at_submitted_and_released(client: Client, platform: Platform) -> None:
    person, organisation_id = await founded(client)
    token = await token_of(platform, person)
    developer = Developer(platform, person.email, "", {"access_token": token})
    app_id, slug = await draft(platform, developer, organisation_id)
    for part, seen in SCREENS.items():
        await client.open(f"/dev/apps/{app_id}/{part}")
        await client.see(seen)
        await fits(client, part)

    async def confirmed() -> bool:
        legal = await developer.ask("GET", f"/v1/dev/organizations/{organisation_id}/legal")
        return legal.body["confirmed"] is not None

    await platform.until(confirmed, within_s=CONFIRMED_WITHIN_S)
    await client.open(f"/dev/apps/{app_id}")
    await client.click("release.submit")
    await client.see("release.waiting")
    await approved(platform, app_id)
    await client.click("release.look")
    await client.see("release.now")
    await fits(client, "approved")
    await client.click("release.now")
    await client.see("release.in_store")
    await fits(client, "released")

    async def shown() -> bool:
        return (await platform.request("GET", f"/v1/games/{slug}")).status == 200

    await platform.until(shown, within_s=SHOWN_WITHIN_S)
