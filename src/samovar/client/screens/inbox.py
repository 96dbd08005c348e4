"""What happened: everything the player was told, the latest first. Whoever sees the list has read it."""

from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.inbox import Inbox, Notification, Notifications
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import note, pressable
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

_WIDTH = 860
_ICONS = {
    "orders": ft.Icons.RECEIPT_LONG_OUTLINED,
    "library": ft.Icons.VIDEO_LIBRARY_OUTLINED,
    "wishlist": ft.Icons.FAVORITE_BORDER_ROUNDED,
    "friends": ft.Icons.GROUP_OUTLINED,
    "security": ft.Icons.SHIELD_OUTLINED,
    "developer": ft.Icons.CODE_ROUNDED,
}


@ft.component
def InboxScreen() -> ft.Control:
    """Show the list."""
    session = use_session()
    watch(session.window)
    words = session.words

    async def load() -> Notifications:
        inbox = Inbox(session.player)
        page = await inbox.notifications()
        if page.items:
            await inbox.read_up_to(page.items[0].id)
        session.bell.unread = 0
        return page

    found = use_loaded(load)
    title = texts.page_title(words("inbox.title"))
    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("inbox.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(5, height=72), width=_WIDTH)
    if not found.value.items:
        nothing = empty_state(
            "inbox.empty",
            ft.Icons.NOTIFICATIONS_NONE_ROUNDED,
            words("inbox.empty.title"),
            words("inbox.empty.detail"),
        )
        return screen(session, title, nothing)
    return screen(session, title, _Rows(found.value), width=_WIDTH)


@ft.component
def _Rows(first: Notifications) -> ft.Control:
    session = use_session()
    more, set_more = ft.use_state(cast("tuple[Notification, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()

    async def load() -> None:
        page = await Inbox(session.player).notifications(cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    rows: list[ft.Control] = [_row(session, one) for one in (*first.items, *more)]
    if doing.problem:
        rows.append(note("inbox.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button(
            "inbox.more", session.words("search.more"), partial(doing.run, load), busy=doing.is_busy
        )
        rows.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(rows, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _row(session: Session, told: Notification) -> ft.Control:
    words = session.words
    color = Colours.TEXT2 if told.is_read else Colours.ACCENT
    moment = words.moment(told.happened_at)
    icon = ft.Icon(_ICONS.get(told.category, ft.Icons.NOTIFICATIONS_NONE_ROUNDED), size=22, color=color)
    text = ft.Column(
        [
            texts.strong(told.title),
            texts.body(told.body, color=Colours.TEXT2),
            texts.caption(moment if told.is_read else words("inbox.fresh", moment=moment)),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    content = ft.Row([icon, text], spacing=Space.M, vertical_alignment=ft.CrossAxisAlignment.START)
    return pressable(
        f"inbox.{told.id}",
        content,
        partial(session.go, told.link),
        padding=Space.L,
    )
