"""The branches of an app: what each gives, to how many; stopping a rollout, widening it, going back, deleting."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import flet as ft

from samovar.client.api.console.builds import MAIN, AppBuilds, Branch, Build
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import badge, divider, panel
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import problem_note
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

_WHOLE = 100
_STEPS = (5, 25, 50, _WHOLE)

Do = Callable[[Callable[[], Awaitable[object]], str], Callable[[], Awaitable[None]]]
"""Makes what a button does of a change and the key of what is said afterwards."""


@ft.component
def Branches(
    branches: Sequence[Branch], builds: Sequence[Build], calls: AppBuilds, again: Callable[[], None]
) -> ft.Control:
    """Show the branches, the main one first."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()

    def do(work: Callable[[], Awaitable[object]], said: str) -> Callable[[], Awaitable[None]]:
        async def done() -> None:
            await work()
            session.toast(words(said), "success")
            again()

        return lambda: doing.run(done)

    rows: list[ft.Control] = [*problem_note("branch.problem", doing, placed=False)]
    for one in sorted(branches, key=lambda branch: (branch.name != MAIN, branch.name)):
        if rows and not isinstance(rows[-1], ft.Semantics):
            rows.append(divider())
        numbers = {build.id: build.number for build in builds}
        rows.append(_about(session, one, numbers))
        if (actions := _actions(session, one, numbers, calls, do)) is not None:
            rows.append(actions)
    return panel(*rows, title=words("branch.title"))


def _about(session: Session, one: Branch, numbers: dict[str, int | None]) -> ft.Control:
    words = session.words
    number = numbers.get(one.build_id)
    marks: list[ft.Control] = [texts.strong(one.name)]
    if one.has_password:
        marks.append(badge(words("branch.password")))
    if one.is_stopped:
        marks.append(badge(words("branch.stopped"), tone="warning"))
    elif one.percent < _WHOLE:
        marks.append(badge(words("branch.percent", percent=one.percent), tone="info"))
    else:
        marks.append(badge(words("branch.whole"), tone="success"))
    about = words("branch.gives", number=str(number or "?"), moment=words.moment(one.changed_at))
    lines: list[ft.Control] = [
        ft.Row(marks, spacing=Space.S, wrap=True, run_spacing=Space.XS),
        texts.caption(about),
    ]
    if one.percent < _WHOLE:
        bar = ft.ProgressBar(
            value=one.percent / _WHOLE, color=Colours.ACCENT, bgcolor=Colours.SURFACE3, border_radius=4
        )
        lines.append(bar)
    return ft.Container(
        ft.Column(lines, spacing=Space.XS, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    )


def _actions(
    session: Session,
    one: Branch,
    numbers: dict[str, int | None],
    calls: AppBuilds,
    do: Do,
) -> ft.Control | None:
    words = session.words
    name = f"branch.{one.name}"

    def change(**more: Any) -> Callable[[], Awaitable[object]]:
        body = {"build_id": one.build_id, "percent": one.percent, "is_stopped": False} | more
        return partial(calls.change, one.name, body)

    actions: list[ft.Control] = []
    wider = next((step for step in _STEPS if step > one.percent), None)
    if wider is not None:
        label = words("branch.widen", percent=wider)
        actions.append(button(f"{name}.widen", label, do(change(percent=wider), "branch.done")))
    if one.percent < _WHOLE and not one.is_stopped:
        actions.append(
            button(f"{name}.stop", words("branch.stop"), do(change(is_stopped=True), "branch.stop.done.text"))
        )
    if one.is_stopped:
        actions.append(button(f"{name}.go_on", words("branch.go_on"), do(change(), "branch.done")))
    if one.previous_build_id and one.previous_build_id != one.build_id:
        former = numbers.get(one.previous_build_id)
        label = words("branch.back", number=str(former or "?"))
        back = change(build_id=one.previous_build_id, percent=_WHOLE)
        actions.append(button(f"{name}.back", label, do(back, "branch.back.done.text"), kind="danger"))
    if one.name != MAIN:
        delete = do(partial(calls.delete, one.name), "branch.deleted")
        actions.append(button(f"{name}.delete", words("branch.delete"), delete, kind="danger"))
    return ft.Row(actions, spacing=Space.S, wrap=True, run_spacing=Space.S) if actions else None
