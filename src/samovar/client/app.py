"""The application: what one session shows, and what all sessions of a process share."""

import asyncio

import aiohttp
import flet as ft

from samovar.client.browser import Browser
from samovar.client.components.store.suggest import press_in_search
from samovar.client.hooks import session_context, watch
from samovar.client.routes import routes
from samovar.client.session import Platform, Session, seek
from samovar.client.state.words import catalogue
from samovar.client.theme.material import theme
from samovar.client.theme.tokens import Colours
from samovar.client.web.uploads import Uploads

TIMEOUT_S = 20.0
CONNECTIONS_MAX = 64


class Application:
    """What all sessions of a process share.

    Args:
        origin: Of the platform, as browsers know it.
        api: The address of the API.
        secret: What browsers' storage is sealed with.
        desktop_url: The page that gives the application for computers, where there is one.
    """

    def __init__(self, *, origin: str, api: str, secret: str, desktop_url: str | None = None) -> None:
        self._origin = origin
        self._api = api
        self._secret = secret
        self._desktop_url = desktop_url
        self._sentences = catalogue()
        self._platform: Platform | None = None
        self.uploads = Uploads()

    async def main(self, page: ft.Page, browser: Browser) -> Session:
        """Show a new session, and return it."""
        page.title = "Самовар"
        page.theme = page.dark_theme = theme()
        page.theme_mode = ft.ThemeMode.DARK
        page.bgcolor = Colours.CANVAS
        page.padding = 0
        page.spacing = 0
        session = Session(page, browser, self._shared())
        page.on_resize = lambda event: session.window.measure(event.width)
        page.on_keyboard_event = lambda event: _press(session, event)
        page.on_connect = lambda _: session.later(session.back())
        page.render(Root, session)
        await session.start()
        return session

    def _shared(self) -> Platform:
        """Return what is shared; connections belong to the loop that runs."""
        if self._platform is None:
            http = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
                connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX, loop=asyncio.get_running_loop()),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
            self._platform = Platform(
                self._origin,
                self._api,
                self._secret,
                self._sentences,
                http,
                self.uploads,
                self._desktop_url,
            )
        return self._platform


@ft.component
def Root(session: Session) -> ft.Control:
    """Show the screen of the address; all of it anew when the language changes."""
    look = watch(session.look)

    def screens() -> ft.Control:
        return ft.Container(ft.Router(routes()), key=look.language, expand=True, bgcolor=Colours.CANVAS)

    return session_context(session, screens)


def _press(session: Session, event: ft.KeyboardEvent) -> None:
    """Do what a key does on every screen: Ctrl+K searches, and some go through what is suggested."""
    if event.key.upper() == "K" and (event.ctrl or event.meta):
        seek(session)
    else:
        press_in_search(session, event.key)
