"""What can be done about a person: ask, answer, part, block, call them otherwise."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from samovar.client.api.account.friends import Blocking, Circle
from samovar.client.components.buttons import Kind, button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import text_field
from samovar.client.components.panels import note
from samovar.client.hooks import Doing, use_doing, use_session
from samovar.client.screens.account.forms import use_form
from samovar.client.screens.people.persons import Person
from samovar.client.session import Session
from samovar.client.theme.tokens import Space
from samovar.sdk.errors import Refused

_NICKNAME_MAX = 64
_Work = Callable[[], Awaitable[object]]


@ft.component
def StandingActions(person: Person, again: Callable[[], None]) -> ft.Control:
    """Show what can be done; `again` loads the person anew."""
    session = use_session()
    words = session.words
    doing = use_doing()
    question, ask = ft.use_state("")
    who = person.profile.account_id

    def then_again(do: _Work) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            try:
                await do()
            except Refused:
                # The other one was quicker: what can be done now is something else.
                again()
                raise
            ask("")
            again()

        return run

    buttons = _buttons(session, person, doing, then_again, ask)
    parts: list[ft.Control] = [ft.Row(buttons, spacing=Space.S, wrap=True, run_spacing=Space.S)]
    if doing.problem:
        parts.append(note("profile.problem", doing.problem.detail, tone="danger"))
    if question == "nickname":
        parts.append(_Nickname(person, again, lambda: ask("")))
    if question in {"part", "block"}:
        work = Circle(session.player).part if question == "part" else Blocking(session.player).block
        parts.append(
            Confirm(
                f"profile.{question}.confirm",
                words(f"profile.confirm.{question}.title", name=person.profile.display_name),
                words(f"profile.confirm.{question}.detail"),
                words(f"profile.confirm.{question}.verb"),
                then_again(partial(work, who)),
                lambda: ask(""),
            )
        )
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _buttons(
    session: Session,
    person: Person,
    doing: Doing,
    then_again: Callable[[_Work], Callable[[], Awaitable[None]]],
    ask: Callable[[str], None],
) -> list[ft.Control]:
    """Return the buttons of a standing: the likeliest wish is the primary one."""
    words, who = session.words, person.profile.account_id
    circle = Circle(session.player)

    def act(name: str, do: _Work, kind: Kind, icon: ft.IconData | None = None) -> ft.Control:
        return button(
            f"profile.{name}",
            words(f"profile.{name}"),
            partial(doing.run, then_again(do)),
            kind=kind,
            icon=icon,
            busy=doing.is_busy,
        )

    def open_(question: str) -> ft.Control:
        return button(
            f"profile.{question}", words(f"profile.{question}"), partial(ask, question), kind="quiet"
        )

    request = person.request.id if person.request else ""
    if person.standing == "self":
        to = partial(session.go, "/profile/edit")
        return [button("profile.edit", words("profile.edit"), to, icon=ft.Icons.EDIT_OUTLINED)]
    if person.standing == "blocked":
        return [act("unblock", partial(Blocking(session.player).unblock, who), "secondary")]
    if person.standing == "friend":
        return [open_("nickname"), open_("part"), open_("block")]
    if person.standing == "incoming":
        return [
            act("accept", partial(circle.answer, request, "accept"), "primary"),
            act("decline", partial(circle.answer, request, "decline"), "secondary"),
            open_("block"),
        ]
    if person.standing == "outgoing":
        return [act("take_back", partial(circle.take_back, request), "secondary"), open_("block")]
    return [act("ask", partial(circle.ask, who), "primary", ft.Icons.PERSON_ADD_OUTLINED), open_("block")]


@ft.component
def _Nickname(person: Person, again: Callable[[], None], close: Callable[[], None]) -> ft.Control:
    """Ask what the player wants to call a friend; nobody else sees it."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({"nickname": (person.friend.nickname or "") if person.friend else ""})

    async def save() -> None:
        nickname = form.text("nickname") or None
        await Circle(session.player).mark(person.profile.account_id, {"nickname": nickname})
        close()
        again()

    async def send() -> None:
        await doing.run(save)

    field = text_field(
        "profile.nickname.field",
        form,
        "nickname",
        words("profile.nickname_label"),
        helper=words("profile.nickname_helper"),
        length_max=_NICKNAME_MAX,
        autofocus=True,
        on_submit=lambda: session.later(send()),
    )
    parts: list[ft.Control] = [field]
    if doing.problem:
        parts.append(note("profile.nickname.problem", doing.problem.detail, tone="danger"))
    parts.append(
        ft.Row(
            [
                button(
                    "profile.nickname.save", words("action.save"), send, kind="primary", busy=doing.is_busy
                ),
                button("profile.nickname.close", words("action.cancel"), close, kind="quiet"),
            ],
            spacing=Space.S,
        )
    )
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
