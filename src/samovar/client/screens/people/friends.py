"""Friends: who they are, who asks to be one, whom one has asked, who is blocked; finding people by their names."""

from collections.abc import Callable
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.account.friends import Circle, Friend, Friends, Suggestion
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.panels import chip, note
from samovar.client.components.people.rows import handle, person_row
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.outside import address
from samovar.client.screens.people.family import FamilyTab
from samovar.client.screens.people.finding import FindField, Found
from samovar.client.screens.people.requests import BlockedList, RequestList
from samovar.client.session import Session
from samovar.client.state.asked import asked
from samovar.client.theme.tokens import Space

TABS = ("friends", "requests", "family", "blocked")
_WIDTH = 860
_SUGGESTED_MAX = 6
_STRETCH = ft.CrossAxisAlignment.STRETCH


@ft.component
def FriendsScreen() -> ft.Control:
    """Show the part that the address names."""
    session = use_session()
    watch(session.window)
    words = session.words
    route = session.page.route
    tab = asked(route, "tab", "friends", allowed=TABS)
    query = asked(route, "query")
    chips = [
        chip(
            f"friends.tab.{one}",
            words(f"friends.tab.{one}"),
            partial(session.go, "/friends" if one == "friends" else f"/friends?tab={one}"),
            selected=one == tab and not query,
        )
        for one in TABS
    ]
    field = ft.Container(FindField(query), key=f"find.{query}")
    tabs = ft.Row(list(chips), wrap=True, spacing=Space.S, run_spacing=Space.S)
    body: ft.Control
    if query:
        body = Found(query)
    elif tab == "requests":
        body = RequestList()
    elif tab == "family":
        body = FamilyTab()
    elif tab == "blocked":
        body = BlockedList()
    else:
        body = FriendList()
    body = ft.Container(body, key=f"{tab}.{query}")
    return screen(session, _head(session), field, tabs, body, width=_WIDTH)


def _head(session: Session) -> ft.Control:
    words = session.words

    async def copy() -> None:
        await ft.Clipboard().set(address(session, f"/u/{session.account.account_id}"))
        session.toast(words("friends.link_copied"), "success")

    return ft.Row(
        [
            texts.page_title(words("friends.title")),
            button("friends.link", words("friends.link"), copy, icon=ft.Icons.LINK_ROUNDED),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
        run_spacing=Space.S,
    )


@ft.component
def FriendList() -> ft.Control:
    """Show the friends, favourites first, and whom one may know."""
    session = use_session()
    words = session.words
    circle = Circle(session.player)
    turn = ft.use_ref(0)

    async def load() -> tuple[int, Friends, list[Suggestion]]:
        friends = await circle.friends()
        suggested = await circle.suggestions()
        turn.current = (turn.current or 0) + 1
        return turn.current, friends, suggested

    found = use_loaded(load)
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("friends.error", found.problem, words, found.again)
        return skeleton_rows(4, height=60)
    loaded, friends, suggested = found.value
    parts: list[ft.Control] = []
    if friends.items:
        # A page that was loaded anew begins its list anew, whatever was added below it.
        parts.append(ft.Container(_Rows(friends, found.again), key=f"rows.{loaded}"))
    else:
        parts.append(
            empty_state(
                "friends.empty",
                ft.Icons.GROUP_OUTLINED,
                words("friends.empty.title"),
                words("friends.empty.detail"),
            )
        )
    if suggested:
        parts.append(texts.section_title(words("friends.suggested")))
        parts += [
            person_row(
                f"friends.suggested.{one.account_id}",
                one,
                words("friends.mutual", count=one.mutual_friends),
                partial(session.go, f"/u/{one.account_id}"),
            )
            for one in suggested[:_SUGGESTED_MAX]
        ]
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def _Rows(first: Friends, again: Callable[[], None]) -> ft.Control:
    session = use_session()
    more, set_more = ft.use_state(cast("tuple[Friend, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()

    async def load() -> None:
        page = await Circle(session.player).friends(cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    rows: list[ft.Control] = [
        ft.Container(_Friend(one, again), key=one.account_id) for one in (*first.items, *more)
    ]
    if doing.problem:
        rows.append(note("friends.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        further = button(
            "friends.more", session.words("search.more"), partial(doing.run, load), busy=doing.is_busy
        )
        rows.append(ft.Row([further], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(rows, spacing=Space.S, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def _Friend(friend: Friend, again: Callable[[], None]) -> ft.Control:
    """Show a friend: what is done to a friendship stands on their profile."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def favour() -> None:
        await Circle(session.player).mark(friend.account_id, {"favourite": not friend.favourite})
        again()

    star = icon_button(
        f"friends.favourite.{friend.account_id}",
        ft.Icons.STAR_ROUNDED if friend.favourite else ft.Icons.STAR_BORDER_ROUNDED,
        words("friends.unfavour" if friend.favourite else "friends.favour"),
        partial(doing.run, favour),
        selected=friend.favourite,
        disabled=doing.is_busy,
    )
    own_name = friend.display_name if friend.nickname else handle(friend)
    since = words("friends.since", day=words.day(friend.since))
    row = person_row(
        f"friends.friend.{friend.account_id}",
        friend,
        f"{own_name} · {since}" if own_name else since,
        partial(session.go, f"/u/{friend.account_id}"),
        [star],
        title=friend.nickname,
    )
    if not doing.problem:
        return row
    problem = note(f"friends.problem.{friend.account_id}", doing.problem.detail, tone="danger")
    return ft.Column([row, problem], spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH)
