"""Opens the window. Flet's native runtime draws it; this process is its application, and asks the platform itself."""

import locale
from importlib import resources
from pathlib import Path

import flet as ft

from samovar.client.app import Application
from samovar.client.browser import COOKIE, Browser
from samovar.client.theme.tokens import Colours
from samovar.client.window.keeping import halves

FAMILY = "Golos Text"
WIDTH, HEIGHT = 1360, 860
WIDTH_MIN, HEIGHT_MIN = 360, 560
ASSETS = Path(str(resources.files("samovar.client") / "assets"))


def open_window(origin: str, folder: Path) -> None:
    """Show the client until its window is closed.

    Args:
        origin: The platform's address.
        folder: Where this machine keeps what is its own; it is made where it is not there.
    """
    kept = halves(folder)
    application = Application(origin=origin, api=origin, secret=kept.secret)

    async def main(page: ft.Page) -> None:
        page.fonts = {FAMILY: "fonts/GolosText.ttf"}
        window = page.window
        window.bgcolor = Colours.CANVAS
        window.width, window.height = WIDTH, HEIGHT
        window.min_width, window.min_height = WIDTH_MIN, HEIGHT_MIN
        await application.main(page, Browser({"accept-language": _language()}, {COOKIE: kept.key}))

    ft.run(main, assets_dir=str(ASSETS))


def _language() -> str:
    """Return the language of this machine, as a browser would say it."""
    return (locale.getlocale()[0] or "").replace("_", "-")
