"""One session: a browser's tab, or a window, with everything that its screens share."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import aiohttp
import flet as ft
from flet.controls.object_patch import Operation
from flet.messaging.protocol import Message, MessageAction, PatchControlBody

from samovar.client.api.auth import Auth, Security, SignedIn
from samovar.client.api.calls import Calls
from samovar.client.api.seal import Seal
from samovar.client.api.tokens import SessionTokens
from samovar.client.api.vault import BrowserVault, MemoryVault
from samovar.client.browser import Browser
from samovar.client.comfort import Comfort
from samovar.client.looked_at import LookedAt
from samovar.client.state.account import Account
from samovar.client.state.bell import Bell
from samovar.client.state.console.editing import Editing
from samovar.client.state.downloads.here import Here
from samovar.client.state.look import Look
from samovar.client.state.problems import Problem, problem_of
from samovar.client.state.purchase.basket import Basket
from samovar.client.state.store.recent import Recent
from samovar.client.state.store.seeking import Seeking
from samovar.client.state.toasts import Toasts, ToastTone
from samovar.client.state.window import Visit, Window
from samovar.client.state.words import Words
from samovar.client.web.uploads import Uploads
from samovar.language.catalogue import Catalogue
from samovar.language.formats import LANGUAGES, Language
from samovar.sdk.api import Api
from samovar.sdk.errors import Offline, SdkError, SignInNeeded

if TYPE_CHECKING:
    from samovar.client.window.computer import Computer

TOAST_S = 6.0
LANGUAGE_KEY = "samovar.language"
SIGN_IN = "/sign-in"


@dataclass(frozen=True)
class Platform:
    """What all sessions of a process share.

    Attributes:
        origin: Of the platform, as browsers know it.
        api: The address of the API.
        secret: What browsers' storage is sealed with.
        http: Connections to the API.
        uploads: Where browsers bring files for their sessions.
        desktop_url: The page that gives the application for computers, where there is one.
    """

    origin: str
    api: str
    secret: str
    sentences: Catalogue
    http: aiohttp.ClientSession
    uploads: Uploads
    desktop_url: str | None = None


class Session:
    """What screens share. A component gets it by `use_session()`.

    Attributes:
        words: What people read.
        player: Calls as the player who is signed in.
        stranger: Calls that need nobody.
        seeking: The search that is not sent yet.
        search_field: Where it is typed: in the frame around every screen, on a phone on a screen of its own.
        is_seeking: Somebody is on the way to that field.
        view: What scrolls on the screen.
        left: The screen that the last link led away from; none once the next one has asked for it.
        has_moved: A link has led to another screen since the page was loaded.
        unsaved: Pages of apps that are edited here, by app: leaving a screen loses nothing.
        here: The games of this computer.
        computer: What fetches and plays them; none in a browser and on a phone.
    """

    def __init__(self, page: ft.Page, browser: Browser, platform: Platform) -> None:
        self.page = page
        self.account = Account()
        self.toasts = Toasts()
        self.recent = Recent()
        self.seeking = Seeking()
        self.basket = Basket()
        self.bell = Bell()
        self.window = Window()
        self.visit = Visit()
        self.unsaved: dict[str, Editing] = {}
        self.here = Here()
        self.computer: Computer | None = None
        self.look = Look(language=_language_of(browser.language))
        self.left: str | None = None
        self.has_moved = False
        self.search_field: ft.TextField | None = None
        self.is_seeking = False
        self.view: ft.ListView | None = None
        self._platform = platform
        self.origin = platform.origin
        self.uploads = platform.uploads
        self.desktop_url = platform.desktop_url
        self._preferences = ft.SharedPreferences()
        self.comfort = Comfort(self._preferences, self.look)
        self.looked_at = LookedAt(self._preferences, self.recent)
        self._kept = BrowserVault(self._preferences, Seal(platform.secret, browser.key))
        self._headers = {"User-Agent": page.client_user_agent or "samovar-client"}
        if browser.address:
            self._headers["X-Forwarded-For"] = browser.address
        self._tasks: set[asyncio.Task[Any]] = set()
        self._speak(self.look.language)
        self.tokens = SessionTokens(self._api(None), self._kept, now=time.time, lost=self._lost)
        self._connect()

    async def start(self) -> None:
        """Take up what the browser keeps: the language, and who is signed in."""
        self.window.measure(self.page.width or self.window.width)
        try:
            language = await self._preferences.get(LANGUAGE_KEY)
            await self.comfort.restore()
            await self.looked_at.restore()
        except (TimeoutError, RuntimeError):
            language = None
        if language in LANGUAGES:
            self._speak(language)
            self._connect()
        if not await self.tokens.restore():
            self.account.leave()
            return
        await self.recognise()

    async def back(self) -> None:
        """Take up after the browser was away: what is shown may be of yesterday, its width another, and it missed what it was to keep."""
        self.window.measure(self.page.width or self.window.width)
        await self._kept.again()
        self.visit.returns += 1

    async def recognise(self) -> None:
        """Ask who is signed in; a stranger where the platform does not know the session any more."""
        try:
            me, profile = await self.auth.me()
        except Offline:
            # The session may be good: it is asked again once the platform answers, and until then the strip says why nothing works.
            self.account.enter(self.tokens.account_id, "")
        except SdkError:
            self.account.leave()
        else:
            self.account.enter(me.account_id, profile.display_name, tuple(me.roles))
            self.account.picture = profile.avatar_url

    async def enter(self, signed_in: SignedIn, *, remember: bool, display_name: str = "") -> None:
        """Begin the session of a sign-in.

        Args:
            signed_in: What the platform answered.
            remember: Whether a reload stays signed in.
            display_name: Of somebody who has just registered: their profile is made a moment later.
        """
        await self.tokens.begin(signed_in, self._kept if remember else MemoryVault())
        self.looked_at.is_kept = remember
        await self.recognise()
        if display_name and self.account.is_player:
            self.account.display_name = display_name

    async def leave(self) -> None:
        """Sign out, here and at the platform."""
        try:
            await self.auth.sign_out()
        except SdkError:
            self.toast(self.words("account.signed_out_here"), "warning")
        await self.tokens.forget()
        self.unsaved.clear()
        self.basket.empty()
        await self.looked_at.forget()
        self.account.leave()
        self.go("/")

    async def set_language(self, language: Language) -> None:
        """Speak another language from now on, also the next time."""
        self._speak(language)
        self._connect()
        try:
            await self._preferences.set(LANGUAGE_KEY, language)
        except (TimeoutError, RuntimeError):
            return

    def go(self, to: str) -> None:
        """Lead to another screen; the browser's Back leads back."""
        self.left = self.page.route
        self.has_moved = True
        self.later(self.page.push_route(to))

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside what is shown."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def toast(self, text: str, tone: ToastTone = "info") -> None:
        """Say something for a few seconds."""
        toast = self.toasts.add(text, tone)

        async def fade() -> None:
            await asyncio.sleep(TOAST_S)
            self.toasts.drop(toast)

        self.later(fade())

    def explain(self, error: SdkError) -> Problem:
        """Return an error in words. Where the platform does not know the player any more, it leads to signing in."""
        if isinstance(error, SignInNeeded) and not error.code:
            self._lost()
        return problem_of(error, self.words)

    def _speak(self, language: Language) -> None:
        self.words = Words(self._platform.sentences, language)
        self.page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[ft.Locale("ru", "RU"), ft.Locale("en", "US")],
            current_locale=ft.Locale("ru", "RU") if language == "ru" else ft.Locale("en", "US"),
        )
        self.look.language = language

    def _connect(self) -> None:
        self.stranger = self._calls(self._api(None))
        self.player = self._calls(self._api(self.tokens))
        self.auth = Auth(self.stranger, self.player)
        self.security = Security(self.player)

    def _api(self, tokens: SessionTokens | None) -> Api:
        return Api(
            self._platform.api,
            tokens,
            language=self.look.language,
            headers=self._headers,
            session=self._platform.http,
        )

    def _calls(self, api: Api) -> Calls:
        return Calls(api, heard=self._heard)

    def _heard(self, answered: bool) -> None:  # noqa: FBT001  A callback with one meaning.
        if self.look.is_offline != answered:
            return
        self.look.is_offline = not answered
        if answered and self.account.is_player and not self.account.display_name:
            self.later(self.recognise())

    def _lost(self) -> None:
        if self.account.is_player:
            self.basket.empty()
            self.later(self.looked_at.forget())
            self.account.leave()
            self.toast(self.words("account.session_ended"), "warning")
            self.go(sign_in_for(self.page.route or "/"))


def entitle(session: Session, name: str) -> None:
    """Let the tab of the browser, or the window, bear the name of a screen; ours alone without one.

    The page alone is told, where `page.update()` would look at each control.
    """
    page = session.page
    own = session.words("app.name")
    title = f"{name} · {own}" if name else own
    if page.title == title or page.session.connection is None:
        return
    page.title = title
    change = [[0], [Operation.Replace, 0, "title", title]]
    body = PatchControlBody(page._i, change)  # noqa: SLF001  Flet itself names a control by nothing else.
    page.session.connection.send_message(Message(MessageAction.PATCH_CONTROL, body))


async def focus(field: ft.TextField) -> None:
    """Let the keyboard stand in a field."""
    await field.focus()  # type: ignore[no-untyped-call]  # Flet has no annotation there.


def holds_keyboard(session: Session) -> bool:
    """Return whether a field of a new screen can have the keyboard from the first moment on.

    While Flutter describes a screen that a link led to, it drops the keyboard again, and may never listen to that field.
    """
    return not (session.look.is_described and session.has_moved)


def seek(session: Session) -> None:
    """Let the keyboard stand in the field of the search; a phone has room for it on a screen of its own alone."""
    is_there = session.window.kind != "phone" or urlsplit(session.page.route or "").path == "/search"
    if is_there and session.search_field is not None:
        session.later(focus(session.search_field))
    else:
        session.is_seeking = True
        session.go("/search")


async def scroll_to_top(session: Session) -> None:
    """Show the screen from its beginning: what stands there now is new."""
    if session.view is not None:
        await session.view.scroll_to(offset=0)


def sign_in_for(path: str) -> str:
    """Return the way to signing in that leads back to `path`."""
    return f"{SIGN_IN}?next={quote(path, safe='/')}"


def safe_next(wanted: str | None) -> str:
    """Return where to go after signing in: a path of our own, never another site."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\\" in wanted:
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc or parts.path.startswith(SIGN_IN) else wanted


def _language_of(accepted: str) -> Language:
    """Return the language of a browser that prefers these: Russian, unless it names English and no Russian before it."""
    for item in accepted.lower().split(","):
        if item.strip().startswith("ru"):
            return "ru"
        if item.strip().startswith("en"):
            return "en"
    return "ru"
