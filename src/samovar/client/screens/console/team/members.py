"""The people of an organisation: who may do what; owners invite, change and remove, everybody may leave."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.account.profiles import Found, Profiles
from samovar.client.api.console.organisations import Organisations
from samovar.client.api.console.team import Member, Team
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import form_column, select, text_field
from samovar.client.components.panels import badge, divider, note, panel
from samovar.client.components.people.rows import portrait
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import Doing, use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.account.proving import Proof, use_proof
from samovar.client.session import Session
from samovar.client.theme.tokens import Space

LEVELS = ("owner", "editor", "finance", "viewer")
_LETTERS_MIN, _LETTERS_MAX = 2, 64

Work = Callable[[], Awaitable[None]]


@ft.component
def MembersPanel(organisation_id: str) -> ft.Control:
    """Show the members; for owners with the ways to change them."""
    session = use_session()
    watch(session.window)
    words = session.words
    team = Team(session.player, organisation_id)

    async def load() -> tuple[list[Member], bool]:
        levels = await Organisations(session.player).levels(organisation_id)
        return await team.members(), "owner" in levels

    found = use_loaded(load, [organisation_id])
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("members.error", found.problem, words, found.again)
        return skeleton_rows(3)
    members, is_owner = found.value
    parts: list[ft.Control] = [MemberList(members, team, found.again, is_owner=is_owner)]
    if is_owner:
        parts.append(Inviting(members, team, found.again))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@dataclass(frozen=True)
class Changes:
    """What can be done with members; where a proof of who one is was wanted first, `go_on` does the last of it again."""

    level: Callable[[Member, str], None]
    remove: Callable[[Member], None]
    go_on: Work


def use_changes(
    session: Session, team: Team, again: Callable[[], None], doing: Doing, proof: Proof
) -> Changes:
    """Return what can be done. A level is changed by giving the new one before the old one is taken."""
    words = session.words
    last = ft.use_ref(cast("tuple[Work, ...]", ()))

    async def go_on() -> None:
        for work in last.current or ():
            await doing.run(work)

    def begin(work: Work) -> None:
        last.current = (work,)
        session.later(go_on())

    async def change(one: Member, level: str) -> None:
        await proof.show()
        await team.give(one.account_id, level)
        await team.take(one.account_id, one.level)
        session.toast(words("members.changed"), "success")
        again()

    async def remove(one: Member) -> None:
        await proof.show()
        await team.take(one.account_id, one.level)
        is_me = one.account_id == session.account.account_id
        session.toast(words("members.left" if is_me else "members.removed"), "success")
        if is_me:
            session.go("/dev")
        else:
            again()

    return Changes(
        lambda one, level: begin(partial(change, one, level)), lambda one: begin(partial(remove, one)), go_on
    )


@ft.component
def MemberList(
    members: Sequence[Member], team: Team, again: Callable[[], None], *, is_owner: bool
) -> ft.Control:
    """Show who may do what."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    form = use_form({})
    proof = use_proof(form, doing)
    changes = use_changes(session, team, again, doing, proof)
    leaving, set_leaving = ft.use_state(cast("Member | None", None))
    placed = show_errors(form, doing, ("password", "code"), proof=proof.kind, words=words)
    parts: list[ft.Control] = [] if proof.is_asked else problem_note("members.problem", doing, placed=placed)
    parts += proof.fields("members", changes.go_on)
    for at, one in enumerate(members):
        parts += [divider()] if at else []
        level = partial(changes.level, one)
        parts.append(_member(session, one, level, partial(set_leaving, one), is_owner=is_owner))
    if leaving is not None:
        parts.append(_question(session, leaving, changes, partial(set_leaving, None)))
    return panel(*parts, title=words("organisation.members"))


def _question(session: Session, one: Member, changes: Changes, close: Callable[[], None]) -> ft.Control:
    words = session.words
    key = "members.leave" if one.account_id == session.account.account_id else "members.remove"
    title = words(f"{key}.title", name=_name(session, one))

    async def sure() -> None:
        changes.remove(one)

    return Confirm("members.sure", title, words(f"{key}.detail"), words(f"{key}.yes"), sure, close)


def _name(session: Session, one: Member) -> str:
    return one.display_name or session.words("members.nameless")


def _member(
    session: Session,
    one: Member,
    change: Callable[[str], None],
    leave: Callable[[], None],
    *,
    is_owner: bool,
) -> ft.Control:
    """Return a member; an owner changes others, and whoever it is may leave."""
    words = session.words
    name = f"members.{one.account_id}"
    is_me = one.account_id == session.account.account_id
    said = words("members.since", day=words.day(one.granted_at))
    if one.expires_at:
        said += f" \u00b7 {words('members.until', day=words.day(one.expires_at))}"
    if one.game_id:
        said += f" \u00b7 {words('members.one_game')}"
    title: list[ft.Control] = [texts.strong(_name(session, one), lines=1)]
    if is_me:
        title.append(badge(words("members.you")))
    about = ft.Column([ft.Row(title, spacing=Space.S), texts.caption(said)], spacing=2, tight=True)
    who = ft.Row(
        [portrait(one.avatar_url, _name(session, one)), ft.Container(about, expand=True)], spacing=Space.M
    )
    level = words(f"console.level.{one.level}")
    does: list[ft.Control] = [badge(level)]
    line = ft.CrossAxisAlignment.CENTER
    if is_owner and not is_me and one.game_id is None:
        levels = [(each, words(f"console.level.{each}")) for each in LEVELS]
        does = [select(f"{name}.level", words("members.level"), levels, one.level, change, width=170)]
        line = ft.CrossAxisAlignment.END
    if is_owner or is_me:
        verb = words("members.leave.yes" if is_me else "members.remove.yes")
        does.append(button(f"{name}.{one.level}.remove", verb, leave, kind="danger"))
    actions = ft.Row(does, spacing=Space.S, wrap=True, vertical_alignment=line, run_spacing=Space.S)
    if session.window.kind == "phone":
        return ft.Column([who, actions], spacing=Space.S, tight=True)
    return ft.Row([ft.Container(who, expand=True), actions], spacing=Space.M)


@ft.component
def Inviting(members: Sequence[Member], team: Team, again: Callable[[], None]) -> ft.Control:
    """Find a person by name and make them a member."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    form = use_form({"level": "editor"})
    proof = use_proof(form, doing)
    people, set_people = ft.use_state(cast("list[Found] | None", None))

    async def look() -> None:
        if len(form.text("query")) < _LETTERS_MIN:
            form.tell({"query": words("members.query.rule")})
            return

        async def work() -> None:
            found = await Profiles(session.player).find(form.text("query"))
            known = {one.account_id for one in members}
            set_people([one for one in found if one.account_id not in known])

        await doing.run(work)

    async def add(one: Found) -> None:
        await proof.show()
        await team.give(one.account_id, form.values["level"])
        session.toast(words("members.added", name=one.display_name), "success")
        set_people(None)
        again()

    def choose(level: str) -> None:
        form.write("level", level)
        form.changed()

    levels = [(one, words(f"members.level.{one}")) for one in LEVELS]
    query = text_field(
        "members.query",
        form,
        "query",
        words("members.query"),
        helper=words("members.query.rule"),
        length_max=_LETTERS_MAX,
        on_submit=lambda: session.later(look()),
    )
    placed = show_errors(form, doing, ("password", "code", "query"), proof=proof.kind, words=words)
    parts: list[ft.Control] = [
        form_column(query, select("members.as", words("members.as"), levels, form.values["level"], choose)),
        ft.Row([button("members.look", words("members.look"), look, busy=doing.is_busy)]),
    ]
    parts += [] if proof.is_asked else problem_note("members.invite.problem", doing, placed=placed)
    parts += proof.fields("members.invite")
    if people is not None and not people:
        parts.append(note("members.nobody", words("members.nobody")))
    parts += [_found(session, one, partial(doing.run, partial(add, one))) for one in people or []]
    return panel(*parts, title=words("members.invite"))


def _found(session: Session, one: Found, add: OnClick) -> ft.Control:
    name = ft.Container(texts.strong(one.display_name, lines=1), expand=True)
    verb = button(f"members.add.{one.account_id}", session.words("members.add"), add, kind="primary")
    return ft.Row([portrait(one.avatar_url, one.display_name), name, verb], spacing=Space.M)
