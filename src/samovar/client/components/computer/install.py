"""The question before a game is installed: where to, and whether it fits."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import flet as ft

from samovar.client.api.library import Offered
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button
from samovar.client.components.identify import identified
from samovar.client.components.panels import note
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.theme.tokens import Space

if TYPE_CHECKING:
    from samovar.client.window.computer import Computer

_WIDTH = 520


@ft.component
def Install(game_id: str, name: str, folder: str, close: Callable[[], None]) -> ft.Control:
    """Ask, over the screen; drawn while the question is open.

    Args:
        game_id: The app.
        name: What it is called.
        folder: What its folder is called unless the player says otherwise.
        close: Called when the question is over, either way.
    """
    session = use_session()
    window = watch(session.window)
    computer = session.computer
    words = session.words
    chosen, choose = ft.use_state("")

    async def load() -> list[Offered]:
        return await computer.offered(game_id) if computer is not None else []

    found = use_loaded(load, [game_id])
    place = Path(chosen) if chosen else computer.folder_for(folder) if computer else Path(folder)
    offered = next((one for one in found.value or [] if not one.has_password), None)
    free = _free(computer, place)
    fits = offered is None or free is None or offered.size_bytes <= free

    async def pick() -> None:
        parent = await ft.FilePicker().get_directory_path(dialog_title=words("computer.install.where"))
        if parent:
            choose(str(Path(parent) / folder))

    def start() -> None:
        if computer is not None:
            computer.games.install(game_id, name, place)
        close()

    parts: list[ft.Control] = []
    if found.value is None and found.problem is not None:
        parts.append(error_state("computer.install.error", found.problem, words, found.again))
    elif found.value is None:
        parts.append(skeleton_lines(3))
    elif offered is None:
        parts.append(note("computer.install.none", words("computer.install.none"), tone="warning"))
    else:
        parts += _about(session, offered, place, free, pick)
        if not fits:
            parts.append(note("computer.install.full", words("computer.install.full"), tone="danger"))
    dialog = ft.AlertDialog(
        title=texts.section_title(words("computer.install.title", name=name)),
        content=ft.Column(
            parts, spacing=Space.L, tight=True, width=min(_WIDTH, window.width - 2 * Space.XXL)
        ),
        actions=[
            button("computer.install.no", words("action.cancel"), close, kind="quiet"),
            button(
                "computer.install.yes",
                words("computer.act.install"),
                start,
                kind="primary",
                disabled=offered is None or not fits,
                autofocus=True,
            ),
        ],
        on_dismiss=lambda _: close(),
    )
    ft.use_dialog(dialog)
    return ft.Container(visible=False)


def _about(
    session: Session, offered: Offered, place: Path, free: int | None, pick: OnClick
) -> list[ft.Control]:
    words = session.words
    sizes = [words("computer.install.size", size=words.size(offered.size_bytes))]
    if free is not None:
        sizes.append(words("computer.install.free", size=words.size(free)))
    where = ft.Row(
        [
            ft.Container(
                ft.Column(
                    [texts.caption(words("computer.install.folder")), texts.body(str(place))],
                    spacing=2,
                    tight=True,
                ),
                expand=True,
            ),
            button("computer.install.pick", words("computer.install.pick"), pick),
        ],
        spacing=Space.M,
    )
    return [where, identified("computer.install.size", texts.muted(" · ".join(sizes)))]


def _free(computer: "Computer | None", place: Path) -> int | None:
    try:
        return computer.free(place) if computer is not None else None
    except (OSError, StopIteration):
        return None
