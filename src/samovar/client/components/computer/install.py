"""The question before a game is installed: where to, and whether it fits."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import flet as ft

from samovar.client.api.library import MAIN, Offered
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button
from samovar.client.components.fields import select, text_field
from samovar.client.components.identify import identified
from samovar.client.components.panels import note
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import Loaded, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.state.forms import Form
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
    branch, set_branch = ft.use_state(MAIN)
    form, _ = ft.use_state(Form())

    async def load() -> list[Offered]:
        return await computer.offered(game_id) if computer is not None else []

    found = use_loaded(load, [game_id])
    place = Path(chosen) if chosen else computer.folder_for(folder) if computer else Path(folder)
    branches = found.value or []
    # A game may have no branch yet that everybody has.
    offered = next((one for one in branches if one.name == branch), branches[0] if branches else None)
    free = _free(computer, place)
    fits = offered is None or free is None or offered.size_bytes <= free

    async def pick() -> None:
        parent = await ft.FilePicker().get_directory_path(dialog_title=words("computer.install.where"))
        if parent:
            choose(str(Path(parent) / folder))

    def start() -> None:
        if computer is not None and offered is not None:
            _start(computer, game_id, name, place, offered, form)
        close()

    if offered is None:
        parts = [_nothing(session, found)]
    else:
        parts = [
            *_about(session, offered, place, free, pick),
            *_branch(session, branches, offered, set_branch, form),
        ]
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


def _start(computer: "Computer", game_id: str, name: str, place: Path, offered: Offered, form: Form) -> None:
    branch = None if offered.name == MAIN else offered.name
    password = form.values.get("password") if offered.has_password else None
    computer.games.install(game_id, name, place, branch=branch, password=password)


def _nothing(session: Session, found: Loaded[list[Offered]]) -> ft.Control:
    words = session.words
    if found.value is not None:
        return note("computer.install.none", words("computer.install.none"), tone="warning")
    if found.problem is not None:
        return error_state("computer.install.error", found.problem, words, found.again)
    return skeleton_lines(3)


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


def _branch(
    session: Session,
    branches: list[Offered],
    offered: Offered,
    set_branch: Callable[[str], object],
    form: Form,
) -> list[ft.Control]:
    """Return the choice of a branch, where there is one."""
    if len(branches) == 1 and not offered.has_password:
        return []
    words = session.words
    options = [
        (one.name, words("computer.install.main") if one.name == MAIN else one.name) for one in branches
    ]
    parts = [
        select("computer.install.branch", words("computer.install.branch"), options, offered.name, set_branch)
    ]
    if offered.has_password:
        parts.append(
            text_field(
                "computer.install.password",
                form,
                "password",
                words("computer.install.password"),
                helper=words("computer.install.password_helper"),
                password=True,
            )
        )
    return parts


def _free(computer: "Computer | None", place: Path) -> int | None:
    try:
        return computer.free(place) if computer is not None else None
    except (OSError, StopIteration):
        return None
