"""Opens the window. Flet's native runtime draws it; this process is its application, and asks the platform itself."""

import locale
import os
import sys
from importlib import resources
from pathlib import Path

import flet as ft

from samovar.client import differ
from samovar.client.app import Application
from samovar.client.browser import COOKIE, Browser
from samovar.client.pictures import lie_at
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours
from samovar.client.window.keeping import halves

FAMILY = "Golos Text"
WIDTH, HEIGHT = 1360, 860
WIDTH_MIN, HEIGHT_MIN = 360, 560
ASSETS = Path(str(resources.files("samovar.client") / "assets"))
# Games are for computers: a phone leads the queues of those that its player has.
COMPUTERS = (ft.PagePlatform.LINUX, ft.PagePlatform.WINDOWS, ft.PagePlatform.MACOS)


class Window:
    """The client in a window of this machine.

    Args:
        origin: The platform's address.
        folder: Where this machine keeps what is its own; it is made where it is not there.
    """

    def __init__(self, origin: str, folder: Path) -> None:
        kept = halves(folder)
        self._origin = origin
        self._folder = folder
        self._key = kept.key
        self._application = Application(origin=origin, api=origin, secret=kept.secret)
        lie_at(origin)

    async def show(self, page: ft.Page) -> None:
        """Show the client until its window is closed."""
        page.fonts = {FAMILY: "fonts/GolosText.ttf"}
        window = page.window
        window.bgcolor = Colours.CANVAS
        window.width, window.height = WIDTH, HEIGHT
        window.min_width, window.min_height = WIDTH_MIN, HEIGHT_MIN
        session = await self._application.main(
            page, Browser({"accept-language": _language()}, {COOKIE: self._key})
        )
        if page.platform in COMPUTERS:
            await self._equip(session)

    async def _equip(self, session: Session) -> None:
        # A phone has neither the engine nor what it stands on.
        from samovar.client.window.computer import Computer  # noqa: PLC0415

        page, window = session.page, session.page.window

        async def start() -> None:
            computer = session.computer = Computer(
                self._folder,
                self._origin,
                session.tokens,
                session.here,
                language=session.look.language,
            )
            await computer.start()

        async def stop() -> None:
            if session.computer is not None:
                await session.computer.close()

        async def back() -> None:
            """Take up after what draws the window was away: that was an end, too."""
            await session.back()
            await start()

        async def closing(event: "ft.WindowEvent[ft.Window]") -> None:
            """Leave the screen at once; the process goes when the game is over, for it counts the time and syncs the saves."""
            if event.type is ft.WindowEventType.CLOSE:
                window.visible = False
                window.update()
                await stop()
                await window.destroy()  # type: ignore[no-untyped-call]  # Flet has no annotation there.

        window.prevent_close = True
        window.on_event = closing
        page.on_disconnect = lambda _: session.later(stop())
        page.on_connect = lambda _: session.later(back())
        window.update()
        await start()


def open_window(origin: str, folder: Path) -> None:
    """Show the client until its window is closed; see `Window`."""
    differ.install()
    ft.run(Window(origin, folder).show, assets_dir=str(ASSETS), no_cdn=True)


def _language() -> str:
    """Return the language of this machine, as a browser would say it; nothing where the machine does not say."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    # A system without such variables, as Windows, tells Python; elsewhere Python takes "C" for English.
    spoken = next(filter(None, named), None) or (locale.getlocale()[0] if sys.platform == "win32" else "")
    return (spoken or "").partition(".")[0].replace("_", "-")
