"""Ways out of the application, such as to the page of a payment provider, and back."""

from urllib.parse import urlsplit

import flet as ft

from samovar.client.session import Session


def address(session: Session, path: str) -> str:
    """Return a path of ours as others outside know it."""
    parts = urlsplit(session.page.url or "")
    return f"{parts.scheme}://{parts.netloc}{path}"


async def leave_for(url: str) -> None:
    """Go to another site in this very tab; it leads back."""
    await ft.UrlLauncher().launch_url(url, web_only_window_name="_self")


async def open_beside(url: str) -> None:
    """Open another site beside ours."""
    await ft.UrlLauncher().launch_url(url)
