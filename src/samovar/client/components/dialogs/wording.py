"""What people are asked to agree to: the words themselves, before they agree."""

from collections.abc import Callable, Sequence
from functools import partial

import flet as ft
import msgspec

from samovar.client.api.calls import path
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import note
from samovar.client.components.states import skeleton_lines
from samovar.client.hooks import use_loaded, use_session, watch
from samovar.client.theme.tokens import Space

_WIDTH = 560
_HEIGHT_MAX = 420


class Wording(msgspec.Struct, frozen=True):
    """What is agreed to, Markdown, and since when it is worded so."""

    text: str
    version: str


@ft.component
def Wordings(name: str, purposes: Sequence[str]) -> ft.Control:
    """Show a link to the words of each purpose, in the language of the screen.

    Args:
        name: The links are `<name>.<purpose>`.
        purposes: As account names them: `terms`, `personal_data`, `advertising`.
    """
    session = use_session()
    words = session.words
    opened, open_ = ft.use_state("")
    links = [
        texts.link(f"{name}.{one}", words(f"wording.{one}"), partial(open_, one), size=13) for one in purposes
    ]
    row = ft.Row([*links], spacing=Space.M, wrap=True, run_spacing=0)
    if not opened:
        return row
    return ft.Column([row, WordingDialog(opened, partial(open_, ""))], spacing=0, tight=True)


@ft.component
def WordingDialog(purpose: str, close: Callable[[], None]) -> ft.Control:
    """Show the words of a purpose over the screen; drawn while they are read."""
    session = use_session()
    window = watch(session.window)
    words = session.words
    at = path("/v1/consents/texts/{purpose}", purpose=purpose)

    async def load() -> Wording:
        return await session.stranger.get(Wording, at, {"language": words.language})

    found = use_loaded(load)
    if found.value is not None:
        body: ft.Control = ft.Markdown(found.value.text, selectable=True)
    elif found.problem:
        body = note("wording.problem", found.problem.detail, tone="danger")
    else:
        body = skeleton_lines(6)
    dialog = ft.AlertDialog(
        title=texts.section_title(words(f"wording.{purpose}")),
        content=ft.Container(
            ft.Column([body], scroll=ft.ScrollMode.AUTO, tight=True),
            width=min(_WIDTH, window.width - 2 * Space.XXL),
            height=_HEIGHT_MAX,
        ),
        actions=[button("wording.close", words("action.close"), close)],
        on_dismiss=lambda _: close(),
    )
    ft.use_dialog(dialog)
    return ft.Container(visible=False)
