"""The frame of the client in a real browser: addresses, the gallery, what is kept by the browser."""

import aiohttp

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, WAIT_MS, WIDTHS, Client
from tests.client.browser.test_account import signed_up

# Whether something is there, and nothing of it reaches out of the window.
_FITS = """() => {
    const all = [...document.querySelectorAll('[flt-semantics-identifier]')];
    return all.length > 0 && all.every((one) => one.getBoundingClientRect().right <= window.innerWidth + 1);
}"""

# Whether the browser keeps what this release needs compiled, and nothing else.
_KEPT = """async () => {
    const worker = await navigator.serviceWorker.ready;
    const names = await caches.keys();
    return worker.active.state === "activated" && names.length === 1 && !names.includes("/client/of-before");
}"""
_CAME_FROM = """() => performance.getEntriesByType("resource")
    .filter((one) => one.name.endsWith("/main.dart.js")).map((one) => one.deliveryType)"""

# Whether the places of the navigation stand below, as on a phone, or beside.
_STANDS = """(below) => {
    const one = document.querySelector('[flt-semantics-identifier="nav.library"]');
    return one && (one.getBoundingClientRect().top > window.innerHeight / 2) === below;
}"""


@ONE_WIDTH
async def test_an_address_that_there_is_not_says_so_and_leads_on(client: Client) -> None:
    await client.open("/nowhere/at/all")
    assert "Такой страницы нет" in await client.text("not_found")
    await client.picture("not-found")
    await client.click("not_found.home")
    await client.at("/")
    await client.page.go_back()
    await client.see("not_found")


@ONE_WIDTH
async def test_the_tab_bears_the_name_of_the_screen_in_its_language(client: Client) -> None:
    await client.open("/search")
    await client.titled("Поиск · Самовар")
    await client.click("shell.sign_in")
    await client.titled("Вход · Самовар")
    await client.page.go_back()
    await client.titled("Поиск · Самовар")
    await client.click("shell.language")
    await client.titled("Search · Samovar")
    await client.open("/nowhere/at/all")
    await client.titled("Samovar")


@ONE_WIDTH
async def test_the_next_visit_finds_the_program_compiled_and_that_of_an_older_release_gone(
    client: Client,
) -> None:
    await client.page.add_init_script("caches.open('/client/of-before')")
    await client.open("/_ui")
    await client.page.wait_for_function(_KEPT, timeout=WAIT_MS)
    await client.reload()
    assert await client.page.evaluate(_CAME_FROM) == ["cache-storage"]


async def test_the_gallery_shows_everything_and_nothing_reaches_out(client: Client) -> None:
    await client.open("/_ui")
    await client.page.get_by_role("heading", name="Компоненты").wait_for(state="attached", timeout=WAIT_MS)
    assert await client.too_wide() == []
    await client.picture("gallery")
    await client.click("gallery.parts")
    await client.at("/_ui/parts")
    await client.see("home.hero")
    assert await client.too_wide() == []
    await client.picture("gallery-parts")


@ONE_WIDTH
async def test_a_reload_fits_a_window_that_became_narrow_meanwhile(client: Client) -> None:
    await client.page.set_viewport_size({"width": 1360, "height": 860})
    await client.open("/_ui")
    await client.see("gallery.parts")
    await client.page.goto("about:blank")
    await client.page.set_viewport_size({"width": 412, "height": 880})
    await client.open("/_ui")
    await client.page.wait_for_function(_FITS, timeout=WAIT_MS)


@ONE_WIDTH
async def test_a_window_that_changes_its_width_goes_on_working(client: Client) -> None:
    await signed_up(client)
    width, height = WIDTHS[client.kind]
    (other,) = (one for kind, (one, _) in WIDTHS.items() if kind != client.kind)
    await client.open("/")
    await client.see("nav.library")
    await client.page.set_viewport_size({"width": other, "height": height})
    await client.page.wait_for_function(_STANDS, arg=client.kind != "phone", timeout=WAIT_MS)
    await client.click("nav.library")
    await client.see("library.empty")
    await client.page.set_viewport_size({"width": width, "height": height})
    await client.page.wait_for_function(_STANDS, arg=client.kind == "phone", timeout=WAIT_MS)
    await client.click("nav.settings")
    await client.see("settings.tab.privacy")
    await client.page.wait_for_function(_FITS, timeout=WAIT_MS)
    await client.open("/wallet")
    await client.see("wallet.pay")


@ONE_WIDTH
async def test_a_browser_that_loses_its_line_is_told_so(client: Client) -> None:
    await client.open("/sign-in")
    await client.see("sign_in.submit")
    strip = client.page.get_by_text("Нет подключения к интернету")
    await client.page.context.set_offline(True)
    await strip.wait_for(timeout=WAIT_MS)
    await client.picture("away")
    await client.page.context.set_offline(False)
    await strip.wait_for(state="detached", timeout=WAIT_MS)
    client.faults.clear()


@ONE_WIDTH
async def test_a_client_that_was_killed_says_so_until_it_is_back(client: Client, platform: Platform) -> None:
    await client.open("/sign-in")
    await client.see("sign_in.submit")
    platform.kill("client")
    cover = client.page.get_by_text("Самовар не отвечает")
    await cover.wait_for(timeout=WAIT_MS)
    await client.picture("unanswered")
    await cover.wait_for(state="detached", timeout=WAIT_MS)
    await client.click("sign_in.sign_up")
    await client.see("sign_up.submit")
    client.faults.clear()


async def test_files_are_kept_for_ever_and_the_page_is_not(platform: Platform) -> None:
    asked = {"accept": "text/html", "accept-encoding": "identity"}
    async with aiohttp.ClientSession(platform.url, auto_decompress=False) as session:
        async with session.get("/sign-in", headers=asked) as page:
            body = await page.text()
            assert page.headers["cache-control"] == "no-cache"
            assert "script-src 'self' 'wasm-unsafe-eval'" in page.headers["content-security-policy"]
            assert "unsafe-eval'" not in page.headers["content-security-policy"].replace(
                "wasm-unsafe-eval'", ""
            )
            assert "httponly" in page.headers["set-cookie"].lower()
        script = body.split("/main.dart.js")[0].rpartition('"')[2]
        async with session.get(f"{script}/main.dart.js", headers={"accept-encoding": "gzip, br"}) as file:
            assert file.status == 200
            assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert file.headers["content-encoding"] in {"br", "gzip"}
        async with session.get(f"{script}/none.js") as none:
            assert none.status == 404


async def test_a_page_of_another_site_gets_no_connection(platform: Platform) -> None:
    async with aiohttp.ClientSession(platform.url) as session:
        for headers in ({"Origin": "https://evil.example"}, {}):
            async with session.get(
                "/client/ws",
                headers={
                    **headers,
                    "Connection": "Upgrade",
                    "Upgrade": "websocket",
                    "Sec-WebSocket-Version": "13",
                    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
                },
            ) as answer:
                assert answer.status == 403
