"""A developer's way in a real browser: from an organisation and a draft over a build and a moderator to the store."""

import io
import random
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import FilePayload

from samovar.testing.platform import Platform
from tests.client.browser.conftest import PASSWORD, WAIT_MS, Client, Person
from tests.client.browser.test_account import signed_up
from tests.client.browser.test_store import to_the_end
from tests.journeys.test_own_games import Machine
from tests.journeys.test_publishing import inside, somebody
from tests.services.catalog.editing.desk import TAGS
from tests.services.catalog.pages import name_terms

CONFIRMED_WITHIN_S = 60.0
SHOWN_WITHIN_S = 30.0
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def company_inn() -> str:
    """Return the number of a company that nobody else has."""
    digits = [random.randint(1, 9) for _ in _INN_WEIGHTS]
    check = sum(one * weight for one, weight in zip(digits, _INN_WEIGHTS, strict=True)) % 11 % 10
    return "".join(map(str, [*digits, check]))


def cover() -> FilePayload:
    """Return a picture as a person has it on their disk."""
    out = io.BytesIO()
    Image.effect_noise((616, 353), 40).convert("RGB").save(out, "PNG")
    return {"name": "cover.png", "mimeType": "image/png", "buffer": out.getvalue()}


async def ask(platform: Platform, person: Person, method: str, path: str, **more: Any) -> Any:
    """Ask the API as somebody who is registered."""
    signed = await platform.request(
        "POST", "/v1/auth/login", json={"login": person.email, "password": PASSWORD}
    )
    answer = await platform.request(method, path, token=signed.body["access_token"], **more)
    assert answer.status < 300, answer.body
    return answer.body


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
    await to_the_end(client)
    await client.click("legal.submit")
    assert "цифра" in await client.text("legal.inn.error")
    await client.fill("legal.inn", company_inn())
    await to_the_end(client)
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
    await to_the_end(client)
    await client.click("app.new.submit")
    await client.see("release.item.text")
    await fits(client, "missing")
    return str(await client.page.evaluate("location.pathname")).rpartition("/")[2]


async def written(client: Client, app_id: str) -> None:
    """Write the page: text, tags and a cover; what is not saved outlives going away."""
    at = f"/dev/apps/{app_id}"
    await client.open(f"{at}/page?part=words")
    for tag in TAGS:
        await client.click(f"editor.tags.{tag}")
        await client.see(f"preview.tag.{tag}")
    await client.click("app.tab.prices")
    await client.see("prices.on_sale")
    await client.click("app.tab.page")
    await client.see("editor.drop")
    await client.fill("editor.ru.description", "Вода кипит. Ветер стих.")
    await fits(client, "page")
    await client.click("editor.part.pictures")
    async with client.page.expect_file_chooser(timeout=WAIT_MS) as chooser:
        await client.click("editor.picture.capsule.add")
    await (await chooser.value).set_files(cover())
    await client.see("editor.picture.capsule.0.drop")
    await client.click("editor.save")
    await client.gone("editor.drop")
    await fits(client, "pictures")


async def priced(client: Client, app_id: str) -> None:
    """Put the game on sale; a price that is none is refused at its field."""
    await client.open(f"/dev/apps/{app_id}/prices")
    await client.click("prices.on_sale")
    await client.fill("prices.RU", "дорого")
    await client.click("prices.save")
    await client.see("prices.RU.error")
    await client.fill("prices.RU", "499")
    await client.click("prices.save")
    await client.see("discount.open")
    await fits(client, "prices")


async def pushed(client: Client, person: Person, app_id: str, folder: Path) -> None:
    """Push a build from a command line and let players have it."""
    game = folder / "game"
    game.mkdir(parents=True)
    (game / "game.py").write_text("print('чай')\n", "utf-8")
    (game / "samovar.toml").write_text(
        '[[launch]]\nkey = "play"\nname = {ru = "Играть"}\nrun = ["python3", "game.py"]\nplatforms = ["linux"]\n',
        "utf-8",
    )
    signed = await client.platform.request(
        "POST", "/v1/auth/login", json={"login": person.email, "password": PASSWORD}
    )
    machine = Machine(client.platform, folder / "home", signed.body["access_token"])
    await machine.do("push", game, "--app", app_id, "--key", folder / "key.pem", "--yes")
    await client.open(f"/dev/apps/{app_id}/builds")
    await client.click("builds.1.give")
    await client.see("live.cost")
    await fits(client, "going-live")
    await to_the_end(client)
    await client.click("live.give")
    await client.gone("live.give")
    branches = await ask(client.platform, person, "GET", f"/v1/dev/apps/{app_id}/branches")
    assert [(one["name"], one["percent"]) for one in branches] == [("main", 100)]


async def approved(platform: Platform, app_id: str) -> None:
    """Let a moderator approve what waits."""
    moderator = await somebody(platform, "moderator")
    waiting = await moderator.ask("GET", "/v1/admin/submissions?limit=100")
    (submission_id,) = [one["id"] for one in waiting.body["items"] if one["app_id"] == app_id]
    decided = await moderator.ask(
        "POST", f"/v1/admin/submissions/{submission_id}/approve", json={"reason": "В порядке"}
    )
    assert decided.status == 200, decided.body


async def test_a_developer_goes_from_an_organisation_to_a_game_in_the_store(
    client: Client, platform: Platform, tmp_path: Path
) -> None:
    async with inside(platform, "catalog") as database:
        await name_terms(database, "tag", *TAGS)
    person, organisation_id = await founded(client)
    slug = f"chajnik-{client.kind}"
    app_id = await drafted(client, organisation_id, slug)
    await written(client, app_id)
    await priced(client, app_id)
    await pushed(client, person, app_id, tmp_path)

    async def confirmed() -> bool:
        legal = await ask(platform, person, "GET", f"/v1/dev/organizations/{organisation_id}/legal")
        return legal["confirmed"] is not None

    await platform.until(confirmed, within_s=CONFIRMED_WITHIN_S)
    await client.open(f"/dev/apps/{app_id}")
    await client.fill("release.note", "Первая игра")
    await to_the_end(client)
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
    await client.open(f"/dev/apps/{app_id}/reports")
    await client.see("reports.chart")
    await fits(client, "reports")
