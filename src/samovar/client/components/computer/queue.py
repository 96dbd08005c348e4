"""The queue of this computer: what it fetches, how fast, in which order."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import icon_button
from samovar.client.components.computer.action import failure
from samovar.client.components.computer.progress import about, bar, graph
from samovar.client.components.fields import select
from samovar.client.components.panels import card, note
from samovar.client.hooks import memo, use_session, watch
from samovar.client.session import Session
from samovar.client.state.downloads.here import UNDER_WAY, LocalGame, NotRemoved
from samovar.client.theme.tokens import Space

if TYPE_CHECKING:
    from samovar.client.window.computer import Computer

# Megabytes a second that a player may choose.
LIMITS_MB = (1, 2, 5, 10, 25, 50, 100)
_MB = 1_000_000


@ft.component
def LocalQueue() -> ft.Control:
    """Show what this computer fetches; nothing where there is no computer."""
    session = use_session()
    here = watch(session.here)
    computer, words = session.computer, session.words
    if computer is None:
        return ft.Container(visible=False)
    head = ft.Row(
        [
            ft.Container(texts.section_title(words("computer.title")), expand=True),
            limit_of("computer.limit", session, here.limit, partial(_limit, session, computer)),
        ],
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    under_way = [(game_id, game) for game_id, game in here.games.items() if game.stage in UNDER_WAY]
    rows: list[ft.Control] = [
        ft.Container(LocalRow(game_id, game, is_first=at == 0), key=game_id)
        for at, (game_id, game) in enumerate(under_way)
    ]
    if not rows:
        rows = [texts.muted(words("computer.idle"))]
    return ft.Column(
        [head, *rows], spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def limit_of(
    name: str, session: Session, limit: int | None, on_select: Callable[[str], object]
) -> ft.Control:
    """Return the choice of how fast a computer may fetch; what is chosen is bytes a second, "0" being no limit."""
    words = session.words
    options = [("0", words("computer.unlimited"))]
    options += [(str(one * _MB), words.speed(one * _MB)) for one in LIMITS_MB]
    if limit is not None and str(limit) not in dict(options):
        options.append((str(limit), words.speed(limit)))
    return select(name, words("computer.limit"), options, str(limit or 0), on_select, width=200)


@memo
@ft.component
def LocalRow(game_id: str, game: LocalGame, *, is_first: bool) -> ft.Control:
    """Show one game that is fetched, with what its state allows."""
    session = use_session()
    computer, words = session.computer, session.words
    if computer is None:
        return ft.Container(visible=False)

    def act(name: str, icon: ft.IconData, do: Callable[[], object]) -> ft.Control:
        def press() -> None:
            do()

        return icon_button(f"computer.{name}.{game_id}", icon, words(f"downloads.{name}"), press)

    acts = []
    if game.stage in {"queued", "running"}:
        acts.append(act("pause", ft.Icons.PAUSE_ROUNDED, partial(computer.games.pause, game_id)))
    else:
        acts.append(act("resume", ft.Icons.PLAY_ARROW_ROUNDED, partial(computer.games.resume, game_id)))
    if not is_first:
        acts.append(
            act("up", ft.Icons.ARROW_UPWARD_ROUNDED, lambda: session.later(computer.games.move_up(game_id)))
        )
    acts.append(act("drop", ft.Icons.CLOSE_ROUNDED, lambda: session.later(_drop(session, computer, game_id))))
    name = ft.Container(texts.strong(game.name, lines=1), expand=True)
    parts: list[ft.Control] = [ft.Row([name, *acts], spacing=Space.S)]
    if game.samples:
        parts.append(graph(game.samples, words("downloads.speed_chart")))
    parts += [bar(session, game), texts.caption(about(session, game))]
    if game.stage == "failed":
        parts.append(note(f"computer.failed.{game_id}", failure(session, game), tone="danger"))
    return card(ft.Column(parts, spacing=Space.S, tight=True))


def _limit(session: Session, computer: "Computer", chosen: str) -> None:
    session.later(computer.games.limit(int(chosen) or None))


async def _drop(session: Session, computer: "Computer", game_id: str) -> None:
    try:
        await computer.games.drop(game_id)
    except NotRemoved as error:
        session.toast(session.words("computer.not_removed", why=str(error)), "danger")
