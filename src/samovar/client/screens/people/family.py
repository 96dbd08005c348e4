"""The family: its members, its invites, and the way in and out of it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.account.family import Families, Family, Invite, Member
from samovar.client.api.account.friends import Circle, Friend
from samovar.client.api.calls import new_key
from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import select
from samovar.client.components.panels import note, panel
from samovar.client.components.people.rows import person_row
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import Doing, use_doing, use_loaded, use_session, watch
from samovar.client.theme.tokens import Space

_ROLES = ("adult", "child")
_FRIENDS_MAX = 100
_AGE_UNKNOWN = "account.age_unknown"
_STRETCH = ft.CrossAxisAlignment.STRETCH


@ft.component
def FamilyTab() -> ft.Control:
    """Show the player's family, and who invites them into one."""
    session = use_session()
    words = session.words
    families = Families(session.player)

    async def load() -> tuple[Family | None, list[Invite], list[Invite]]:
        family = await families.family()
        return (
            family,
            await families.invites("incoming"),
            await families.invites("outgoing") if family else [],
        )

    found = use_loaded(load)
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("family.error", found.problem, words, found.again)
        return skeleton_rows(3, height=60)
    family, incoming, outgoing = found.value
    parts: list[ft.Control] = []
    if incoming:
        parts.append(texts.section_title(words("family.incoming")))
        parts += [ft.Container(InviteRow(one, "incoming", found.again), key=one.id) for one in incoming]
    if family is None:
        parts.append(Founding(found.again))
    else:
        parts.append(Members(family, found.again))
        if outgoing:
            parts.append(texts.section_title(words("family.outgoing")))
            parts += [ft.Container(InviteRow(one, "outgoing", found.again), key=one.id) for one in outgoing]
        me = next((one for one in family.members if one.account_id == session.account.account_id), None)
        if me is not None and me.role == "adult" and family.free_places > len(outgoing):
            taken = {one.account_id for one in family.members} | {one.account.account_id for one in outgoing}
            parts.append(Inviting(frozenset(taken), found.again))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def Founding(again: Callable[[], None]) -> ft.Control:
    """Offer to make a family."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def found() -> None:
        await Families(session.player).found()
        again()

    make = button(
        "family.found", words("family.found"), partial(doing.run, found), kind="primary", busy=doing.is_busy
    )
    offer = empty_state(
        "family.none",
        ft.Icons.FAMILY_RESTROOM_ROUNDED,
        words("family.none.title"),
        words("family.none.detail"),
        action=make,
    )
    shown = _with_problem("family.found", offer, doing)
    if doing.problem is None or doing.problem.code != _AGE_UNKNOWN:
        return shown
    settings = texts.link(
        "family.settings", words("game.age_gate.settings"), partial(session.go, "/settings")
    )
    return ft.Column([shown, ft.Row([settings])], spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def Members(family: Family, again: Callable[[], None]) -> ft.Control:
    """Show who belongs to the family; whoever may go or be taken out has a button."""
    session = use_session()
    window = watch(session.window)
    words = session.words
    leaving, ask = ft.use_state(cast("Member | None", None))
    own = session.account.account_id
    adults = [one.account_id for one in family.members if one.role == "adult"]
    am_last = adults == [own]

    def verb(one: Member) -> str | None:
        """Return what can be done to a member, as the words name it."""
        if one.account_id == own:
            return ("dissolve" if am_last else "leave") if own in adults else None
        return "remove" if own in adults and one.role == "child" else None

    async def go(one: Member) -> None:
        families = Families(session.player)
        await (families.dissolve() if verb(one) == "dissolve" else families.remove(one.account_id))
        again()

    rows: list[ft.Control] = []
    for one in family.members:
        act = verb(one)
        actions = (
            [
                button(
                    f"family.{act}.{one.account_id}", words(f"family.{act}"), partial(ask, one), kind="quiet"
                )
            ]
            if act
            else []
        )
        since = words("family.since", role=words(f"family.role.{one.role}"), day=words.day(one.joined_at))
        rows.append(
            person_row(
                f"family.member.{one.account_id}",
                one,
                since,
                partial(session.go, f"/u/{one.account_id}"),
                actions,
                stacked=window.kind == "phone" and bool(actions),
            )
        )
    places = words("family.places", free=family.free_places, places=family.places)
    if family.next_place_at is not None:
        places = f"{places} {words('family.next_place', day=words.day(family.next_place_at))}"
    rows.append(texts.caption(places))
    if leaving is not None and (act := verb(leaving)):
        rows.append(
            Confirm(
                "family.confirm",
                words(f"family.confirm.{act}.title", name=leaving.display_name),
                words(f"family.confirm.{act}.detail"),
                words(f"family.{act}"),
                partial(go, leaving),
                partial(ask, None),
            )
        )
    return ft.Column(rows, spacing=Space.S, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def InviteRow(invite: Invite, direction: str, again: Callable[[], None]) -> ft.Control:
    """Show an invite that waits, with its answers."""
    session = use_session()
    window = watch(session.window)
    words = session.words
    doing = use_doing()
    families = Families(session.player)

    def action(name: str, work: Callable[[], Awaitable[None]], kind: Kind) -> ft.Control:
        async def run() -> None:
            await work()
            again()

        return button(
            f"family.{name}.{invite.account.account_id}",
            words(f"family.{name}"),
            partial(doing.run, run),
            kind=kind,
            busy=doing.is_busy,
        )

    if direction == "incoming":
        actions = [
            action("accept", partial(families.answer, invite.id, "accept"), "primary"),
            action("decline", partial(families.answer, invite.id, "decline"), "quiet"),
        ]
    else:
        actions = [action("withdraw", partial(families.withdraw, invite.id), "quiet")]
    about = words("family.as", role=words(f"family.role.{invite.role}"), day=words.day(invite.expires_at))
    row = person_row(
        f"family.invite.{invite.account.account_id}",
        invite.account,
        about,
        partial(session.go, f"/u/{invite.account.account_id}"),
        actions,
        stacked=window.kind == "phone",
    )
    return _with_problem(f"family.invite.{invite.id}", row, doing)


@ft.component
def Inviting(taken: frozenset[str], again: Callable[[], None]) -> ft.Control:
    """Invite a friend who is not there yet.

    Args:
        taken: Who belongs to the family, or is invited.
        again: Called once somebody was.
    """
    session = use_session()
    words = session.words
    doing = use_doing()
    friend, choose = ft.use_state("")
    role, set_role = ft.use_state("adult")
    key = ft.use_memo(new_key, [friend, role])
    found = use_loaded(lambda: Circle(session.player).friends(limit=_FRIENDS_MAX))
    friends: list[Friend] = (
        [one for one in found.value.items if one.account_id not in taken] if found.value else []
    )

    async def invite() -> None:
        await Families(session.player).invite(friend, role, key)
        choose("")
        again()

    if not friends:
        return texts.caption(words("family.no_friends")) if found.value else ft.Container()
    send = button(
        "family.invite",
        words("family.invite"),
        partial(doing.run, invite),
        kind="primary",
        busy=doing.is_busy,
        disabled=not friend,
    )
    whom = select(
        "family.friend",
        words("family.friend"),
        [(one.account_id, one.nickname or one.display_name) for one in friends],
        friend,
        choose,
        width=260,
    )
    as_what = select(
        "family.role",
        words("family.as_what"),
        [(one, words(f"family.role.{one}")) for one in _ROLES],
        role,
        set_role,
        width=180,
    )
    row = ft.Row([whom, as_what], spacing=Space.M, wrap=True, run_spacing=Space.M)
    form = panel(texts.muted(words("family.rule")), row, ft.Row([send]), title=words("family.inviting"))
    return _with_problem("family.inviting", form, doing)


def _with_problem(name: str, shown: ft.Control, doing: Doing) -> ft.Control:
    if not doing.problem:
        return shown
    problem = note(f"{name}.problem", doing.problem.detail, tone="danger")
    return ft.Column([shown, problem], spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH)
