"""A question before something that cannot be taken back."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button
from samovar.client.components.panels import note
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.theme.tokens import Space

_WIDTH = 440


@ft.component
def Confirm(
    name: str,
    title: str,
    detail: str,
    verb: str,
    work: Callable[[], Awaitable[None]],
    close: Callable[[], None],
    *,
    kind: Kind = "danger",
    more: Sequence[ft.Control] = (),
    is_ready: bool = True,
) -> ft.Control:
    """Ask, over the screen; drawn while the question is open.

    Args:
        name: The buttons are `<name>.yes` and `<name>.no`.
        title: The question.
        detail: What will be so afterwards.
        verb: What the button says.
        work: What is done; what fails is said in the dialog, which stays.
        close: Called when the question is over, either way.
        kind: How the button looks that does it.
        more: What the question needs besides, such as a choice.
        is_ready: The button can be pressed.
    """
    session = use_session()
    window = watch(session.window)
    doing = use_doing()

    async def do() -> None:
        await work()
        close()

    parts: list[ft.Control] = [texts.muted(detail), *more]
    if doing.problem:
        parts.append(note(f"{name}.problem", doing.problem.detail, tone="danger"))
    dialog = ft.AlertDialog(
        title=texts.section_title(title),
        content=ft.Column(
            parts, spacing=Space.L, tight=True, width=min(_WIDTH, window.width - 2 * Space.XXL)
        ),
        actions=[
            button(f"{name}.no", session.words("action.cancel"), close, kind="quiet"),
            button(
                f"{name}.yes",
                verb,
                partial(doing.run, do),
                kind=kind,
                busy=doing.is_busy,
                disabled=not is_ready,
            ),
        ],
        on_dismiss=lambda _: close(),
    )
    ft.use_dialog(dialog)
    return ft.Container(visible=False)
