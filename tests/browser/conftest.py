"""A real browser before auth: Chromium with a virtual authenticator, on a page of the platform's own origin.

Chromium is a system package, which `make test` installs where it may. Where there is none these tests are skipped; in continuous
integration they fail.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDict
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from samovar.embedded.ports import ReservedPort
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from tests.browser.chromium import chromium
from tests.services.auth.conftest import Auth, new_installation

SENT = ("authorization", "content-type", "cookie", "accept-language")
TOLD = ("content-type", "content-security-policy", "location", "set-cookie")
# Nothing here is of one service: what a page of the store does with WebAuthn, in its shortest form.
PAGE = """
<!doctype html><meta charset="utf-8"><title>Самовар</title>
<script>
async function ask(method, path, body, token) {
  const headers = {"content-type": "application/json"};
  if (token) headers.authorization = "Bearer " + token;
  const answer = await fetch("/v1/auth/" + path, {method, headers, body: body && JSON.stringify(body)});
  return {status: answer.status, body: answer.status === 204 ? null : await answer.json()};
}
async function make(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({publicKey})).toJSON();
}
async function sign(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({publicKey})).toJSON();
}
async function register(token) {
  const options = await ask("POST", "passkeys/registration-options", undefined, token);
  return ask("POST", "passkeys", {credential: await make(options.body), name: "Ноутбук"}, token);
}
async function signIn() {
  const options = await ask("POST", "passkeys/sign-in-options");
  return ask("POST", "passkeys/sign-in", {credential: await sign(options.body)});
}
async function signInAfterPassword(login, password) {
  const waiting = (await ask("POST", "login", {login, password})).body;
  const credential = await sign(waiting.passkey_options);
  return ask("POST", "mfa", {mfa_token: waiting.mfa_token, method: "passkey", credential});
}
async function stepUp(token) {
  const options = await ask("POST", "step-up/passkey-options", undefined, token);
  return ask("POST", "step-up", {method: "passkey", credential: await sign(options.body)}, token);
}
async function refusedAs(attempt) {
  try { await attempt(); return ""; } catch (error) { return error.name; }
}
</script>
"""


class Window:
    """A page of the platform in the browser, with the authenticator of its machine."""

    def __init__(self, auth: Auth, page: Page, devtools: CDPSession, authenticator_id: str) -> None:
        self.auth = auth
        self._page = page
        self._devtools = devtools
        self._authenticator_id = authenticator_id

    @property
    def page(self) -> Page:
        """The page itself."""
        return self._page

    async def run(self, script: str, *arguments: object) -> Any:
        """Call a function of the page with arguments, and return what it returns."""
        return await self._page.evaluate(f"([...given]) => ({script})(...given)", list(arguments))

    async def authenticator(self, command: str, **more: object) -> dict[str, Any]:
        """Do something with the virtual authenticator («WebAuthn» of the Chrome DevTools Protocol)."""
        return await self._devtools.send(
            f"WebAuthn.{command}", {"authenticatorId": self._authenticator_id, **more}
        )


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium."""
    program = chromium()
    async with async_playwright() as playwright:
        # As root Chromium has no sandbox; it sees nothing but our own page.
        started = await playwright.chromium.launch(executable_path=program, chromium_sandbox=False)
        yield started
        await started.close()


@pytest.fixture(scope="module")
async def site(
    browser: Browser,  # noqa: ARG001  without a browser nothing else need be started
    postgres: PostgresServer,
    redis_url: str,
    nats_url: str,
    messages_simulator: SimulatorServer,
) -> AsyncIterator[Auth]:
    """Run auth behind a site that serves one page and passes everything else on."""
    installation = await new_installation(
        postgres, redis_url, nats_url, messages_simulator, database=f"auth_browser_{uuid4().hex[-12:]}"
    )
    port = ReservedPort()
    port.lend()
    async with AsyncExitStack() as closing:
        closing.callback(port.release)
        auth = await closing.enter_async_context(
            installation.process(origin=f"http://localhost:{port.number}")
        )
        client = await closing.enter_async_context(
            aiohttp.ClientSession(f"http://{auth.host.rest_address}", cookie_jar=aiohttp.DummyCookieJar())
        )

        async def pass_on(request: web.Request) -> web.Response:
            headers = {name: request.headers[name] for name in SENT if name in request.headers}
            async with client.request(
                request.method,
                request.path_qs,
                data=await request.read() or None,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                told = [(name, value) for name, value in answer.headers.items() if name.lower() in TOLD]
                return web.Response(status=answer.status, body=await answer.read(), headers=CIMultiDict(told))

        async def show(_request: web.Request) -> web.Response:
            return web.Response(text=PAGE, content_type="text/html")

        app = web.Application()
        app.router.add_get("/", show)
        for prefix in ("v1", "oauth2"):
            app.router.add_route("*", f"/{prefix}/{{path:.*}}", pass_on)
        runner = web.AppRunner(app)
        await runner.setup()
        closing.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port.number).start()
        yield auth


@pytest.fixture
async def window(browser: Browser, site: Auth) -> AsyncIterator[Window]:
    """Open the page, on a machine with an authenticator of its own."""
    context = await browser.new_context()
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    added = await devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    await page.goto(site.platform.origin)
    yield Window(site, page, devtools, added["authenticatorId"])
    await context.close()
