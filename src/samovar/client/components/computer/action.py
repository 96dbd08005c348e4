"""The one button of a game on this computer: install, pause, go on, update, play; what it says follows from how the game stands."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.computer.install import Install
from samovar.client.components.computer.progress import about, bar
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.panels import note
from samovar.client.hooks import use_session, watch
from samovar.client.session import Session
from samovar.client.state.downloads.here import UNDER_WAY, LocalGame, NotPlayed, NotRemoved, Stage
from samovar.client.theme.tokens import Space

if TYPE_CHECKING:
    # A browser has no engine, and its process loads none.
    from samovar.client.window.computer import Computer

# What busies a game allows nothing, and says so on its button.
_ACTS: dict[Stage, tuple[str, ...]] = {
    "absent": ("install",),
    "queued": ("pause",),
    "running": ("pause",),
    "paused": ("resume", "remove"),
    "failed": ("retry", "remove"),
    "outdated": ("update", "play", "verify", "remove"),
    "installed": ("play", "verify", "remove"),
}
_ICONS = {
    "install": ft.Icons.DOWNLOAD_ROUNDED,
    "pause": ft.Icons.PAUSE_ROUNDED,
    "resume": ft.Icons.PLAY_ARROW_ROUNDED,
    "retry": ft.Icons.REFRESH_ROUNDED,
    "update": ft.Icons.SYSTEM_UPDATE_ALT_ROUNDED,
    "play": ft.Icons.PLAY_ARROW_ROUNDED,
}


@ft.component
def LocalAction(game_id: str, name: str, folder: str) -> ft.Control:
    """Show what can be done with a game on this computer; drawn where there is one.

    Args:
        game_id: The app.
        name: What it is called.
        folder: What its folder is called unless the player says otherwise.
    """
    session = use_session()
    local = watch(session.here).of(game_id)
    question, ask = ft.use_state("")
    computer = session.computer

    def check() -> None:
        if computer is not None:
            session.later(computer.check(game_id))

    ft.use_effect(check, [game_id])
    if computer is None:
        return ft.Container(visible=False)
    words = session.words
    parts: list[ft.Control] = [
        ft.Row(_buttons(session, computer, game_id, local, ask), spacing=Space.S, wrap=True)
    ]
    if local.stage in UNDER_WAY:
        parts += [bar(session, local), texts.caption(about(session, local))]
    if local.stage == "failed":
        parts.append(note("computer.failed", failure(session, local), tone="danger"))
    if question == "install":
        parts.append(Install(game_id, name, folder, lambda: ask("")))
    if question == "remove":
        parts.append(
            Confirm(
                "computer.remove.confirm",
                words("computer.remove.title", name=name),
                words("computer.remove.detail", folder=local.folder),
                words("computer.remove.verb"),
                partial(_remove, session, computer, game_id),
                lambda: ask(""),
            )
        )
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def failure(session: Session, local: LocalGame) -> str:
    """Return why a game was not fetched, and what to do."""
    words, code = session.words, local.failure
    if code == "content.no_space":
        if not local.needed:
            return words("computer.failure.disk_full")
        return words("computer.failure.no_space", size=words.size(local.needed))
    if local.said:
        return f"{local.said} {words('state.code', code=code)}"
    key = f"computer.failure.{code.partition('.')[2]}"
    sentence = words(key if words.has(key) else "computer.failure.other")
    return f"{sentence} {words('state.code', code=code)}"


def _buttons(
    session: Session, computer: "Computer", game_id: str, local: LocalGame, ask: Callable[[str], None]
) -> list[ft.Control]:
    """Return what the stage allows; the first one is what the screen is for."""
    does: dict[str, Callable[[], object]] = {
        "install": partial(ask, "install"),
        "pause": partial(computer.games.pause, game_id),
        "resume": partial(computer.games.resume, game_id),
        "retry": partial(computer.games.resume, game_id),
        "update": partial(computer.games.update, game_id),
        "play": partial(_start, session, computer, game_id),
        "verify": partial(computer.games.update, game_id, whole=True),
        "remove": partial(ask, "remove"),
    }

    def press(act: str) -> None:
        if act in does:
            does[act]()

    acts = _ACTS.get(local.stage, (local.stage,))
    return [
        button(
            f"computer.{act}",
            session.words(f"computer.act.{act}"),
            partial(press, act),
            kind="quiet" if at else "primary",
            icon=None if at else _ICONS.get(act),
            busy=act not in does,
        )
        for at, act in enumerate(acts)
    ]


def _start(session: Session, computer: "Computer", game_id: str) -> None:
    session.later(_play(session, computer, game_id))


async def _play(session: Session, computer: "Computer", game_id: str) -> None:
    words = session.words
    try:
        played = await computer.playing.play(game_id, session.account.account_id)
    except NotPlayed as refused:
        session.toast(words(f"computer.not_played.{refused.why}", said=refused.said), "danger")
        return
    if played.exit_code:
        session.toast(words("computer.crashed", code=played.exit_code), "warning")
    if played.conflicts:
        session.toast(words("computer.conflicts", count=played.conflicts), "warning")
    if played.unsaved:
        session.toast(words("computer.unsaved", count=played.unsaved), "warning")
    if played.is_waiting:
        session.toast(words("computer.waiting"), "info")


async def _remove(session: Session, computer: "Computer", game_id: str) -> None:
    try:
        await computer.games.remove(game_id)
    except NotRemoved as error:
        session.toast(session.words("computer.not_removed", why=str(error)), "danger")
