"""What a developer does at the screens of the console, one step a function, with what goes wrong on the way."""

import io
import random
from pathlib import Path

from PIL import Image
from playwright.async_api import FilePayload

from samovar.testing.platform import Platform
from tests.client.browser.conftest import PASSWORD, WAIT_MS, WIDTHS, Client, Person
from tests.client.browser.test_account import signed_up
from tests.journeys.test_own_games import Machine
from tests.journeys.test_publishing import Person as Caller
from tests.journeys.test_publishing import inside, somebody
from tests.services.catalog.pages import name_terms

GENRE, TAGS = "adventure", [f"chaj-{one}" for one in ("krepkij", "tihij", "utrennij", "s-limonom", "doma")]
# What lies over a screen above and below, and how scrolling goes.
_UPPER, _LOWER = 70, {"desktop": 20, "phone": 90}
_MARGIN = {"desktop": 210, "phone": 6}
_STEPS_MAX, _SCROLLED_MS = 40, 250
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
EDITION = "Чайник с чаем"
SHOWN = "Чайник стоит на краю обрыва"
REMARK = "На обложке не видно чайника."
_DESCRIPTION = '[[launch]]\nkey = "play"\nname = {ru = "Играть", en = "Play"}\nrun = ["game"]\n'


def company_inn() -> str:
    """Return the number of a company of Moscow that nobody else has; the simulated register does not know each region."""
    digits = [7, 7, *(random.randint(1, 9) for _ in _INN_WEIGHTS[2:])]
    check = sum(one * weight for one, weight in zip(digits, _INN_WEIGHTS, strict=True)) % 11 % 10
    return "".join(map(str, [*digits, check]))


async def caller_of(platform: Platform, person: Person) -> Caller:
    """Sign somebody in beside the browser."""
    login = {"login": person.email, "password": PASSWORD}
    signed = await platform.request("POST", "/v1/auth/login", json=login)
    assert signed.status == 200, signed.body
    return Caller(platform, person.email, "", signed.body)


async def fits(client: Client, name: str) -> None:
    """Photograph a screen that reaches nowhere out of its window."""
    assert await client.too_wide() == [], name
    await client.picture(f"console-{name}")


async def reach(client: Client, name: str) -> None:
    """Scroll until a control of a long screen is in sight, from the top: what is far out of sight is not described.

    A click beside everything takes the keyboard away first: what has it and is scrolled away loses its text in a described screen.
    """
    height = WIDTHS[client.kind][1]
    step = -10_000
    for _ in range(_STEPS_MAX):
        found = client.named(name)
        box = await found.bounding_box() if await found.count() else None
        if box and _UPPER < box["y"] + box["height"] / 2 < height - _LOWER[client.kind]:
            return
        if step < 0:
            await client.page.mouse.click(_MARGIN[client.kind], height / 2)
        await client.page.mouse.wheel(0, step)
        await client.page.wait_for_timeout(_SCROLLED_MS)
        step = height // 3
    raise AssertionError(f"{name} is nowhere on the screen")


async def fill(client: Client, name: str, text: str) -> None:
    """Type into a field of a long screen."""
    await reach(client, name)
    await client.fill(name, text)


async def click(client: Client, name: str) -> None:
    """Click a control of a long screen."""
    await reach(client, name)
    await client.click(name)


async def save(client: Client) -> None:
    """Save the page, once it is known that something of it is not saved."""
    await reach(client, "editor.drop")
    await client.click("editor.save")


async def found(client: Client) -> tuple[Person, str]:
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


async def draft(client: Client, organisation_id: str, slug: str) -> str:
    """Make a draft; return the app's id."""
    await client.open(f"/dev/organisations/{organisation_id}?part=new")
    await client.click("app.new.submit")
    assert "Заполните" in await client.text("app.new.title.error")
    await client.fill("app.new.title", "Чайник на краю света")
    await client.fill("app.new.slug", slug)
    await client.fill("app.new.short_description", "Тихая игра о чайнике.")
    # On a busy machine Flutter drops what comes into a field while it still follows the keyboard there.
    if await client.named("app.new.slug").locator("input").input_value() != slug:
        await client.fill("app.new.slug", slug)
    await fits(client, "new")
    await client.click("app.new.submit")
    await client.see("release.item.text")
    await fits(client, "missing")
    return str(await client.page.evaluate("location.pathname")).rpartition("/")[2]


async def write_page(client: Client, app_id: str) -> None:
    """Write the whole page: texts, words, needs, pictures; save it and see it as it will be."""
    async with inside(client.platform, "catalog") as database:
        await name_terms(database, "tag", *TAGS)
        await name_terms(database, "genre", GENRE)
    await client.open(f"/dev/apps/{app_id}/page")
    await fill(client, "editor.title", " ")
    await fill(client, "editor.ru.description", "Вода кипит. Ветер стих.")
    await fill(client, "editor.en.title", "A Kettle at the End of the World")
    await fill(client, "editor.en.description", "The water boils.")
    await reach(client, "editor.stage")
    await client.choose("editor.stage", "Вышла")
    await _choose_words(client)
    await click(client, "editor.part.needs")
    await fill(client, "editor.needs.windows.minimum.os", "Windows 10")
    await fill(client, "editor.needs.windows.minimum.memory_mib", "много")
    await save(client)
    wrong = await client.text("editor.faults")
    await fits(client, "faults")
    for field in ("Название", "По-английски · Короткое описание", "Windows · Минимальные · Память, ГБ"):
        assert f"{field}:" in wrong
    await fill(client, "editor.needs.windows.minimum.memory_mib", "0,5")
    await click(client, "editor.faults.look")
    await fill(client, "editor.title", "Чайник на краю света")
    await fill(client, "editor.en.short", "A quiet game about a kettle.")
    await click(client, "editor.part.pictures")
    await attach(client, "capsule", (64, 37))
    assert "616" in await client.text("editor.picture.capsule.problem")
    await attach(client, "capsule", (616, 353))
    await client.see("editor.picture.capsule.0.drop")
    await attach(client, "screenshot", (1280, 720), (1280, 720))
    await reach(client, "editor.picture.screenshot.1.drop")
    await click(client, "editor.picture.screenshot.1.earlier")
    await click(client, "editor.picture.screenshot.0.alt")
    await fill(client, "editor.picture.screenshot.0.alt.ru", SHOWN)
    await fits(client, "pictures")
    await save(client)
    await click(client, "preview.en")
    await client.page.get_by_text("A Kettle at the End of the World").first.wait_for(timeout=WAIT_MS)
    await fits(client, "preview")


async def _choose_words(client: Client) -> None:
    await click(client, "editor.part.words")
    for name in (f"genres.{GENRE}", "platforms.windows", "speaks.ru", "speaks.en", "speaks.ru.voice"):
        await click(client, f"editor.{name}")
    await fill(client, "editor.tags.look", "chaj")
    for tag in TAGS:
        await click(client, f"editor.tags.{tag}")
    await reach(client, "editor.age")
    await client.choose("editor.age", "6+")
    await click(client, "editor.descriptors.fear")
    await fits(client, "words")


async def attach(client: Client, kind: str, *sizes: tuple[int, int]) -> None:
    """Bring pictures of these sizes through the browser's own dialog."""
    async with client.page.expect_file_chooser(timeout=WAIT_MS) as choosing:
        await click(client, f"editor.picture.{kind}.add")
    await (await choosing.value).set_files(
        [_picture(f"{kind}-{at}.png", one) for at, one in enumerate(sizes)]
    )


def _picture(name: str, size: tuple[int, int]) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", size, f"#{random.randrange(0x1000000):06x}").save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


async def set_prices(client: Client, app_id: str) -> None:
    """Put the game on sale for 499 roubles, with a discount of 20 % from the release on."""
    await client.open(f"/dev/apps/{app_id}/prices")
    await client.click("prices.on_sale")
    await client.fill("prices.RU", "1")
    await client.click("prices.save")
    assert "Не меньше 10" in await client.text("prices.RU.error")
    await client.fill("prices.RU", "499")
    await client.click("prices.save")
    await client.see("toast")
    await client.click("discount.open")
    await client.choose("discount.kind", "К выходу")
    await client.fill("discount.percent", "100")
    await client.click("discount.plan")
    assert "От 1 до 99" in await client.text("discount.percent.error")
    await client.fill("discount.percent", "80")
    await client.click("discount.plan")
    assert "40" in await client.text("discount.verdict")
    await fits(client, "discount")
    await client.fill("discount.percent", "20")
    await client.click("discount.plan")
    await client.gone("discount.close")
    await client.says("7 дней с выхода")
    await fits(client, "prices")
    await client.click("editions.open")
    await client.click("editions.make")
    assert "Заполните" in await client.text("editions.ru.error")
    await client.fill("editions.ru", EDITION)
    await client.click("editions.make")
    await client.gone("editions.make")
    await client.fill("prices.RU", "999")
    await client.click("prices.save")
    await client.see("toast")
    await fits(client, "edition")


async def push(platform: Platform, caller: Caller, app_id: str, folder: Path) -> None:
    """Push two builds as a developer does: the first for all, the second is only brought."""
    game = folder / "game-files"
    game.mkdir(parents=True)
    machine = Machine(platform, folder, caller.token)
    (game / "samovar.toml").write_text(_DESCRIPTION, "utf-8")
    (game / "game").write_bytes(random.randbytes(300_000))
    await machine.do("push", game, "--app", app_id, "--note", "первая", "--yes")
    (game / "levels").write_bytes(random.randbytes(150_000))
    await machine.do("push", game, "--app", app_id, "--note", "уровни", "--hold")


async def give(client: Client, app_id: str) -> None:
    """Let a quarter of the players have the second build, once it is said what the update costs them."""
    await client.open(f"/dev/apps/{app_id}/builds")
    await client.click("builds.2.give")
    await fits(client, "going-live")
    cost = await client.text("live.cost")
    assert "Обновление со сборки 1" in cost
    assert "КБ" in cost
    await client.fill("live.percent", "0")
    await client.click("live.give")
    assert "1" in await client.text("live.percent.error")
    await client.fill("live.percent", "25")
    await client.click("live.give")
    await client.see("branch.main.widen")
    await client.click("branch.main.stop")
    await client.see("branch.main.go_on")
    await client.click("branch.main.back")
    await client.click("branch.sure.no")
    await client.click("branch.main.go_on")
    await client.see("branch.main.stop")
    await fits(client, "builds")


async def decide(platform: Platform, app_id: str, verdict: str, reason: str) -> None:
    """Let a moderator decide on what waits: `approve`, `request-changes` or `refuse`."""
    moderator = await somebody(platform, "moderator")
    waiting = await moderator.ask("GET", "/v1/admin/submissions?limit=100")
    (submission_id,) = [one["id"] for one in waiting.body["items"] if one["app_id"] == app_id]
    path = f"/v1/admin/submissions/{submission_id}/{verdict}"
    decided = await moderator.ask("POST", path, json={"reason": reason})
    assert decided.status == 200, decided.body
