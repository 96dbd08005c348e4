"""The branches of an app: what each gives, to how many; stopping a rollout, widening it, going back, deleting."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, cast

import flet as ft

from samovar.client.api.console.builds import MAIN, AppBuilds, Branch, Build
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.panels import badge, divider, panel
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import problem_note
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

_WHOLE = 100
_STEPS = (5, 25, 50, _WHOLE)

Do = Callable[[Callable[[], Awaitable[object]], str], Callable[[], Awaitable[None]]]
"""Makes what a button does of a change and the key of what is said afterwards."""

Question = tuple[str, str, str, Callable[[], Awaitable[None]]]
"""What is asked before something is done: the question, what comes of it, the button, and what is done then."""

Ask = Callable[[str, str, str, Callable[[], Awaitable[None]]], Callable[[], None]]
"""Makes what a button asks first: of the question's key, the branch, a build's number and what is done then."""


@ft.component
def Branches(
    branches: Sequence[Branch], builds: Sequence[Build], calls: AppBuilds, again: Callable[[], None]
) -> ft.Control:
    """Show the branches, the main one first."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    question, set_question = ft.use_state(cast("Question | None", None))

    def ask(key: str, name: str, number: str, work: Callable[[], Awaitable[None]]) -> Callable[[], None]:
        title, detail, verb = (
            words(f"{key}.{one}", name=name, number=number) for one in ("title", "detail", "yes")
        )
        return lambda: set_question((title, detail, verb, work))

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
        if (actions := _actions(session, one, numbers, calls, do, ask)) is not None:
            rows.append(actions)
    if question is not None:
        rows.append(Confirm("branch.sure", *question, partial(set_question, None)))
    return panel(*rows, title=words("branch.title"))


def _about(session: Session, one: Branch, numbers: dict[str, int | None]) -> ft.Control:
    words = session.words
    number = numbers.get(one.build_id)
    marks: list[ft.Control] = [texts.strong(one.name)]
    if one.has_password:
        marks.append(badge(words("branch.password")))
    if one.is_stopped:
        marks.append(badge(words("branch.stopped", percent=one.percent), tone="warning"))
    elif one.percent < _WHOLE:
        marks.append(badge(words("branch.percent", percent=one.percent), tone="info"))
    else:
        marks.append(badge(words("branch.whole"), tone="success"))
    about = words("branch.gives", number=str(number or "?"), moment=words.moment(one.changed_at))
    if one.percent < _WHOLE and one.previous_build_id:
        about += f". {words('branch.rest', number=str(numbers.get(one.previous_build_id) or '?'))}"
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
    ask: Ask,
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
        former = str(numbers.get(one.previous_build_id) or "?")
        back = do(change(build_id=one.previous_build_id, percent=_WHOLE), "branch.back.done.text")
        sure = ask("branch.back.sure", one.name, former, back)
        actions.append(button(f"{name}.back", words("branch.back", number=former), sure, kind="danger"))
    if one.name != MAIN:
        delete = do(partial(calls.delete, one.name), "branch.deleted")
        sure = ask("branch.delete.sure", one.name, "", delete)
        actions.append(button(f"{name}.delete", words("branch.delete"), sure, kind="danger"))
    return ft.Row(actions, spacing=Space.S, wrap=True, run_spacing=Space.S) if actions else None
