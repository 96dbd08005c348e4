"""The client in a real browser before the whole platform: found by the names of its controls, photographed, watched for faults.

Pictures lie in `.cache/pictures`, one for each screen and width; continuous integration keeps them.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, async_playwright, expect
from playwright.async_api import TimeoutError as NotInTime

from samovar.testing.platform import Platform
from tests.browser.chromium import chromium

PICTURES = Path(__file__).parents[3] / ".cache" / "pictures"
WIDTHS = {"desktop": (1360, 860), "phone": (412, 880)}
# For what is the same at each width: a browser is what takes the time of the run.
ONE_WIDTH = pytest.mark.parametrize("client", ["desktop"], indirect=True)
PHONE = pytest.mark.parametrize("client", ["phone"], indirect=True)
# On a machine that does much else the first frame takes its time; nothing waits longer than it must.
WAIT_MS = 60_000
WRITTEN_MS = 5_000
PASSWORD = "медный-чайник-на-полке"
# A software renderer says so, and a password field of Flutter stands in no HTML form.
_HARMLESS = ("GPU stall", "GL Driver Message", "Password field is not contained")
# As somebody has it who chose so in the settings: everything is described from the first frame on. Asked for later, a field that
# took the keyboard at first keeps it in an element beside its description.
_DESCRIBED = (
    "try { localStorage.setItem('flutter.samovar.described', 'true'); } catch { /* Not a page yet. */ }"
)
# What is typed reaches Flutter only while it listens to the field: `data-heard` is what reached it.
HEARD = """(() => {
    const listened = new WeakSet();
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (type, ...more) {
        if (type === 'input') listened.add(this);
        return addEventListener.call(this, type, ...more);
    };
    EventTarget.prototype.removeEventListener = function (type, ...more) {
        if (type === 'input') listened.delete(this);
        return removeEventListener.call(this, type, ...more);
    };
    addEventListener.call(document, 'input', ({ target }) => {
        target.dataset.heard = listened.has(target) ? target.value : '';
    }, true);
})();
"""
# Whether no short message lies over the middle of a control: it would take the click.
_UNCOVERED = """(wanted) => {
    const box = wanted.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    return [...document.querySelectorAll('[flt-semantics-identifier="toast"]')].every((toast) => {
        const over = toast.getBoundingClientRect();
        return toast.contains(wanted) || x < over.left || x > over.right || y < over.top || y > over.bottom;
    });
}"""

# Whether scrolling to a control would reach Flutter: for half a second after a click it does not listen.
_SCROLLABLE = """(wanted) => {
    const box = wanted.getBoundingClientRect();
    for (let over = wanted.parentElement; over; over = over.parentElement) {
        if (over.localName !== 'flt-semantics' || over.style.overflowY !== 'hidden') continue;
        const seen = over.getBoundingClientRect();
        if (box.top < seen.top || box.bottom > seen.bottom) return false;
    }
    return true;
}"""

_GONE = """(name) => !document.querySelector(
    `[flt-semantics-identifier="${name}"], flt-semantics[aria-modal=true]`
)"""


class Client:
    """One browser with the client in it.

    Attributes:
        faults: What went wrong beside what the test looks at: errors of scripts, requests to strangers, files that are not there.
    """

    def __init__(self, page: Page, platform: Platform, kind: str) -> None:
        self.page = page
        self.platform = platform
        self.kind = kind
        self.faults: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(error.stack or str(error)))
        page.on("request", self._watch)

    async def beside(self) -> "Client":
        """Return a browser that knows nobody yet, as wide as this one. Close its context at the end."""
        browser = self.page.context.browser
        assert browser is not None
        width, height = WIDTHS[self.kind]
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU")
        await context.add_init_script(HEARD + _DESCRIBED)
        return Client(await context.new_page(), self.platform, self.kind)

    async def open(self, path: str = "/") -> None:
        """Load an address anew."""
        await self.page.goto(f"{self.platform.url}{path}", wait_until="commit", timeout=WAIT_MS)
        await self.describe()

    async def reload(self) -> None:
        """Load the same address anew."""
        await self.page.reload(wait_until="commit", timeout=WAIT_MS)
        await self.describe()

    async def describe(self) -> None:
        """Wait for what screen readers, and tests, see."""
        await self.page.wait_for_selector("[flt-semantics-identifier]", state="attached", timeout=WAIT_MS)

    def named(self, name: str) -> Locator:
        """Return a control by its name."""
        return self.page.locator(f'[flt-semantics-identifier="{name}"]').first

    async def see(self, name: str) -> Locator:
        """Wait until a control is there."""
        found = self.named(name)
        try:
            await found.wait_for(state="attached", timeout=WAIT_MS)
        except NotInTime as error:
            raise AssertionError(
                f"no {name} at {self.page.url}, where it says:\n{await self.words()}"
            ) from error
        return found

    async def words(self) -> str:
        """Return what the whole screen says, its fields with what is in them."""
        said: str = await self.page.evaluate(
            """() => [...document.querySelectorAll('flt-semantics, input, textarea')]
                .map((one) => one.value || one.getAttribute('aria-label') || (one.childElementCount ? '' : one.textContent))
                .filter(Boolean).join('\\n')"""
        )
        return said

    async def says(self, words: str) -> None:
        """Wait until the screen says something, wherever: Flutter puts texts that stand together into one label."""
        said = self.page.locator(f'flt-semantics:text("{words}"), [aria-label*="{words}"]')
        try:
            await said.first.wait_for(state="attached", timeout=WAIT_MS)
        except NotInTime as error:
            raise AssertionError(f"nowhere {words!r} at {self.page.url}:\n{await self.words()}") from error

    async def gone(self, name: str) -> None:
        """Wait until a control is not there any more. Behind an open question nothing is there, which proves nothing."""
        await self.page.wait_for_function(_GONE, arg=name, timeout=WAIT_MS)

    async def click(self, name: str) -> None:
        """Click a control in its middle, as a person does, once it stands still and no short message lies over it."""
        found = await self.see(name)
        element = await found.element_handle(timeout=WAIT_MS)
        await self.page.wait_for_function(_SCROLLABLE, arg=element, timeout=WAIT_MS)
        await found.scroll_into_view_if_needed(timeout=WAIT_MS)
        element = await found.element_handle(timeout=WAIT_MS)
        await element.wait_for_element_state("stable", timeout=WAIT_MS)
        await self.page.wait_for_function(_UNCOVERED, arg=element, timeout=WAIT_MS)
        box = await found.bounding_box()
        assert box is not None, f"{name} takes no room"
        await self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    async def fill(self, name: str, text: str) -> None:
        """Type into a field, in place of what is there."""
        field = (await self.see(name)).locator("input, textarea").first
        await field.wait_for(state="attached", timeout=WAIT_MS)
        await self.click(name)
        try:
            await expect(field).to_be_focused(timeout=WRITTEN_MS)
        except AssertionError:
            # A list that is still closing takes the click; it has no name of its own that could be waited for.
            await self.click(name)
            await expect(field).to_be_focused(timeout=WAIT_MS)
        await self._replace(text)
        try:
            await expect(field).to_have_attribute("data-heard", text, timeout=WRITTEN_MS)
        except AssertionError:
            # On a busy machine Flutter follows the keyboard late: it did not listen yet, or set the cursor once all was selected already.
            await self.click(name)
            await self._replace(text)
            await expect(field).to_have_attribute("data-heard", text, timeout=WAIT_MS)
        await expect(field).to_have_value(text, timeout=WAIT_MS)

    async def _replace(self, text: str) -> None:
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def choose(self, name: str, words: str) -> None:
        """Choose one of several out of the list that opens."""
        await self.click(name)
        await self.page.get_by_role("menuitem", name=words, exact=True).click(timeout=WAIT_MS)

    async def stands_on(self, name: str) -> None:
        """Wait until the keyboard stands on a control."""
        focused = self.page.locator(f'[flt-semantics-identifier="{name}"]:focus-within')
        await focused.wait_for(state="attached", timeout=WAIT_MS)

    async def text(self, name: str) -> str:
        """Return what is read out of a control."""
        found = await self.see(name)
        label = await found.get_attribute("aria-label") or ""
        return f"{label}\n{await found.inner_text()}".strip()

    async def at(self, path: str) -> None:
        """Wait until the address is this one, its query left out."""
        await self.page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=WAIT_MS)

    async def titled(self, title: str) -> None:
        """Wait until the tab of the browser bears this title."""
        await expect(self.page).to_have_title(title, timeout=WAIT_MS)

    async def picture(self, name: str) -> Path:
        """Photograph the screen."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = PICTURES / f"{name}-{self.kind}.png"
        await self.page.screenshot(path=file)
        return file

    async def too_wide(self) -> list[str]:
        """Return the controls that reach out of the window to the right."""
        found: list[str] = await self.page.evaluate(
            """() => [...document.querySelectorAll('[flt-semantics-identifier]')]
                .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
                .map((one) => one.getAttribute('flt-semantics-identifier'))"""
        )
        return found

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"} and not any(word in said.text for word in _HARMLESS):
            self._note(said.text)

    def _watch(self, request: Request) -> None:
        own = urlsplit(self.platform.url).netloc
        if urlsplit(request.url).netloc not in {own, ""}:
            self._note(f"a request to {request.url}")

    def _note(self, fault: str) -> None:
        if fault not in self.faults:
            self.faults.append(fault)


class Person:
    """Somebody who is registered."""

    def __init__(self, email: str, name: str) -> None:
        self.email = email
        self.name = name


def new_person() -> Person:
    """Return somebody whom nobody knows yet."""
    return Person(f"{uuid4().hex}@example.org", "Марфа Самоварова")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium as it stands on the machine of a Russian speaker."""
    program = chromium()
    async with async_playwright() as playwright:
        # As root Chromium has no sandbox; it sees nothing but our own pages.
        started = await playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, args=["--lang=ru-RU", "--accept-lang=ru-RU"]
        )
        yield started
        await started.close()


@pytest.fixture(params=WIDTHS)
async def client(
    browser: Browser, platform: Platform, request: pytest.FixtureRequest
) -> AsyncIterator[Client]:
    """Open a browser of its own for a test, on a desktop and on a phone. What it finds amiss fails the test."""
    width, height = WIDTHS[request.param]
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU")
    await context.add_init_script(HEARD + _DESCRIBED)
    opened = Client(await context.new_page(), platform, request.param)
    yield opened
    await context.close()
    assert opened.faults == []
