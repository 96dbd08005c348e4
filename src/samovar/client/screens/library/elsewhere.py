"""Installing a game from a browser, which has no disk for it: on one of the player's computers."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.library import Download, Queues
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import note
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.outside import open_beside
from samovar.client.session import Session
from samovar.client.theme.tokens import Space

_OVER = frozenset({"done", "failed"})


@ft.component
def InstallElsewhere(game_id: str) -> ft.Control:
    """Show the player's computers, and how far the game is on each; drawn where there is none to fetch it here."""
    session = use_session()
    words = session.words

    async def load() -> list[Download]:
        return (await Queues(session.player).downloads()).items

    found = use_loaded(load, [game_id])
    if found.value is None:
        problem = found.problem.detail if found.problem and not found.is_loading else ""
        return note("library_game.install.error", problem, tone="danger") if problem else texts.caption(" ")
    devices = dict.fromkeys(one.device_id for one in found.value)
    if not devices:
        there = desktop_link(session, "library_game.install.desktop")
        return note("library_game.install.nowhere", words("elsewhere.none"), action=there)
    rows = {one.device_id: one for one in found.value if one.game_id == game_id}
    return ft.Column(
        [
            ft.Container(OnDevice(game_id, device_id, rows.get(device_id), found.again), key=device_id)
            for device_id in devices
        ],
        spacing=Space.S,
        tight=True,
    )


def desktop_link(session: Session, name: str) -> ft.Control | None:
    """Return the way to the application for computers, where the operator has named one."""
    if session.desktop_url is None:
        return None
    return texts.link(name, session.words("elsewhere.desktop"), partial(open_beside, session.desktop_url))


@ft.component
def OnDevice(game_id: str, device_id: str, row: Download | None, again: Callable[[], None]) -> ft.Control:
    """Show the way onto one computer, or into its queue."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def order() -> None:
        await Queues(session.player).order(game_id, device_id)
        session.toast(words("elsewhere.ordered"), "success")
        again()

    if row is not None and row.state not in _OVER:
        state = words(f"downloads.state.{row.state}")
        said = words("elsewhere.under_way", device=device_id, state=state)
        parts: list[ft.Control] = [
            texts.link(f"library_game.queue.{device_id}", said, partial(session.go, "/downloads"))
        ]
    else:
        is_there = row is not None and row.state == "done"
        verb = words("elsewhere.again" if is_there else "elsewhere.install", device=device_id)
        parts = [
            ft.Row(
                [
                    button(
                        f"library_game.install.{device_id}",
                        verb,
                        partial(doing.run, order),
                        kind="quiet" if is_there else "primary",
                        icon=ft.Icons.DOWNLOAD_ROUNDED,
                        busy=doing.is_busy,
                    )
                ],
                wrap=True,
            )
        ]
    if doing.problem:
        parts.append(note(f"library_game.install.{device_id}.problem", doing.problem.detail, tone="danger"))
    return ft.Column(parts, spacing=Space.XS, tight=True)
