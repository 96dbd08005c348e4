"""The frame around every screen: where one can go, search, who one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from samovar.client.components import texts
from samovar.client.components.bell import BellButton
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.computer.mini import MiniProgress
from samovar.client.components.identify import identified, whole
from samovar.client.components.panels import TONES
from samovar.client.components.people.rows import portrait
from samovar.client.components.states import offline_banner
from samovar.client.components.store.cart import CartButton
from samovar.client.components.store.suggest import SearchField, SuggestionLayer, bar_look
from samovar.client.hooks import use_session, watch
from samovar.client.session import Session, seek, sign_in_for
from samovar.client.theme.tokens import Colours, Grid, Motion, Radius, Sizes, Space
from samovar.language.formats import Language

_STATE = ft.ControlState
_BAR_HEIGHT = 64
_SEARCH_WIDTH = 400


@dataclass(frozen=True)
class Section:
    """One place of the navigation.

    Attributes:
        name: In its identifier, and in its words `shell.<name>`.
        path: Where it leads; it is the chosen one below that path too.
        players_only: Strangers do not see it.
    """

    name: str
    path: str
    icon: ft.IconData
    chosen_icon: ft.IconData
    players_only: bool = False

    def holds(self, location: str) -> bool:
        """Return whether a location lies in it."""
        if self.path == "/":
            return location in {"/", "/search"} or location.startswith("/game/")
        return location == self.path or location.startswith(f"{self.path}/")


def shell(session: Session, sections: Sequence[Section], location: str, content: ft.Control) -> ft.Control:
    """Return a screen in its frame.

    Args:
        session: Whose.
        sections: Where one can go.
        location: Where one is.
        content: The screen; it scrolls by itself.
    """
    shown = [one for one in sections if session.account.is_player or not one.players_only]
    kind = session.window.kind
    middle = ft.Column(
        [TopBar(location), OfflineStrip(), ft.Container(content, expand=True)],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    if kind == "phone":
        bar = _bottom_bar(session, shown, location)
        frame: ft.Control = ft.Column(
            [middle, bar], spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    else:
        rail = _rail(session, shown, location, wide=kind == "desktop")
        frame = ft.Row(
            [rail, middle], spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH
        )
    layers: list[ft.Control] = [ft.SafeArea(frame, expand=True), ToastStack()]
    if kind != "phone":
        layers.insert(1, SuggestionLayer(_rail_width(session) + session.window.margin, _BAR_HEIGHT))
    return ft.Stack(layers, expand=True)


def screen(session: Session, *controls: ft.Control, width: int = Grid.CONTENT_MAX) -> ft.Control:
    """Return the column of a screen: it scrolls, keeps the margins and grows no wider than `width`."""
    column = ft.Column(
        list(controls),
        spacing=Space.XL,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )
    session.view = ft.ListView([Limited(column, width)], expand=True, spacing=0, padding=0)
    return session.view


@ft.component
def Limited(content: ft.Control, width: int) -> ft.Control:
    """Keep what a screen holds in the middle of a window that is wider, whatever becomes of the window."""
    session = use_session()
    window = watch(session.window)
    side = max(0, (window.width - _rail_width(session) - width) // 2)
    return ft.Container(
        content, padding=ft.Padding.symmetric(horizontal=side + window.margin, vertical=Space.XL)
    )


def _rail_width(session: Session) -> int:
    return {"phone": 0, "tablet": Grid.RAIL, "desktop": Grid.WIDE_RAIL}[session.window.kind]


@ft.component
def TopBar(location: str) -> ft.Control:
    """Show search, and who is signed in."""
    session = use_session()
    account = watch(session.account)
    window = watch(session.window)
    watch(session.look)
    words = session.words
    if account.is_player:
        right: list[ft.Control] = [BellButton(), CartButton(), _profile_button(session)]
    elif account.standing == "unknown":
        right = []
    elif location.startswith(("/sign-", "/recovery")):
        right = [_language_button(session)]
    else:
        right = [
            _language_button(session),
            button(
                "shell.sign_in",
                words("account.sign_in"),
                lambda: session.go(sign_in_for(location)),
                kind="primary" if window.kind != "phone" else "secondary",
            ),
        ]
    field = SearchField("shell.search", **bar_look(_SEARCH_WIDTH))
    left: list[ft.Control] = [_brand(session)] if window.kind == "phone" else [field]
    if window.kind == "phone":
        right.insert(
            0,
            icon_button(
                "shell.search",
                ft.Icons.SEARCH_ROUNDED,
                words("shell.search"),
                partial(seek, session),
            ),
        )
    bar = ft.Row(
        [*left, ft.Container(expand=True), *right],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.Container(
        bar,
        height=_BAR_HEIGHT,
        padding=ft.Padding.symmetric(horizontal=window.margin),
        border=ft.Border(bottom=ft.BorderSide(1, Colours.SURFACE2)),
    )


@ft.component
def OfflineStrip() -> ft.Control:
    """Show a strip while the platform cannot be reached."""
    session = use_session()
    look = watch(session.look)
    if not look.is_offline:
        return ft.Container(visible=False)
    return offline_banner(session.words, lambda: session.later(session.recognise()))


@ft.component
def ToastStack() -> ft.Control:
    """Show the short messages, over everything."""
    session = use_session()
    toasts = watch(session.toasts)
    window = watch(session.window)
    if not toasts.shown:
        return ft.Container(visible=False)
    rows: list[ft.Control] = []
    for toast in toasts.shown:
        color, icon = TONES[toast.tone]
        row = ft.Row(
            [
                ft.Icon(icon, size=20, color=color),
                ft.Container(texts.body(toast.text), expand=True),
                icon_button(
                    f"toast.{toast.number}.close",
                    ft.Icons.CLOSE_ROUNDED,
                    session.words("action.close"),
                    partial(session.toasts.drop, toast),
                ),
            ],
            spacing=Space.M,
        )
        box = ft.Container(
            row,
            bgcolor=Colours.SURFACE3,
            border_radius=Radius.CARD,
            padding=ft.Padding.only(left=Space.L, right=Space.XS, top=Space.XS, bottom=Space.XS),
            width=min(420, window.width - 2 * Space.L) if window.kind == "phone" else 420,
        )
        rows.append(
            ft.Semantics(key=f"toast.{toast.number}", identifier="toast", live_region=True, content=box)
        )
    column = ft.Column(rows, spacing=Space.S, tight=True)
    bottom = 88 if window.kind == "phone" else Space.XL
    return ft.Container(column, right=Space.L if window.kind == "phone" else Space.XL, bottom=bottom)


def _brand(session: Session) -> ft.Control:
    mark = ft.Container(
        ft.Icon(ft.Icons.COFFEE_ROUNDED, size=20, color=Colours.ACCENT),
        width=36,
        height=36,
        bgcolor=Colours.SURFACE2,
        border_radius=Radius.CARD,
        alignment=ft.Alignment.CENTER,
    )
    name = ft.Text(
        session.words("app.name"),
        style=ft.TextStyle(size=18, weight=ft.FontWeight.W_700, color=Colours.TEXT),
    )
    return ft.Row([mark, name], spacing=Space.M, tight=True)


def _profile_button(session: Session) -> ft.Control:
    words, account = session.words, session.account

    def item(name: str, icon: ft.IconData, to: str) -> ft.PopupMenuItem:
        return ft.PopupMenuItem(
            content=identified(f"shell.menu.{name}", texts.body(words(f"shell.menu.{name}"))),
            icon=icon,
            on_click=lambda _: session.go(to),
        )

    menu = ft.PopupMenuButton(
        icon=portrait(account.picture, account.display_name, size=36),
        style=ft.ButtonStyle(side={_STATE.FOCUSED: ft.BorderSide(2, Colours.ACCENT)}, padding=0),
        tooltip=account.display_name or words("shell.profile"),
        bgcolor=Colours.SURFACE2,
        menu_position=ft.PopupMenuPosition.UNDER,
        items=[
            item("profile", ft.Icons.PERSON_OUTLINE_ROUNDED, "/profile"),
            item("friends", ft.Icons.GROUP_OUTLINED, "/friends"),
            item("orders", ft.Icons.RECEIPT_LONG_OUTLINED, "/orders"),
            item("gifts", ft.Icons.CARD_GIFTCARD_ROUNDED, "/gifts"),
            item("wallet", ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED, "/wallet"),
            item("developer", ft.Icons.CODE_ROUNDED, "/dev"),
            item("security", ft.Icons.SHIELD_OUTLINED, "/settings/security"),
            item("language", ft.Icons.LANGUAGE_ROUNDED, "/settings/language"),
            ft.PopupMenuItem(
                content=identified("shell.menu.sign_out", texts.body(words("shell.menu.sign_out"))),
                icon=ft.Icons.LOGOUT_ROUNDED,
                on_click=lambda _: session.later(session.leave()),
            ),
        ],
    )
    return whole("shell.profile", menu, label=words("shell.profile"))


def _language_button(session: Session) -> ft.Control:
    """Return the way to the other language, for those who have no settings yet."""
    other: Language = "en" if session.look.language == "ru" else "ru"
    return icon_button(
        "shell.language",
        ft.Icons.LANGUAGE_ROUNDED,
        session.words("shell.other_language"),
        lambda: session.later(session.set_language(other)),
    )


def _rail(session: Session, sections: Sequence[Section], location: str, *, wide: bool) -> ft.Control:
    items = [_rail_item(session, one, chosen=one.holds(location), wide=wide) for one in sections]
    brand = _brand(session) if wide else _brand_mark()
    return ft.Container(
        ft.Column(
            [
                ft.Container(
                    brand,
                    height=_BAR_HEIGHT,
                    padding=ft.Padding.only(left=Space.L if wide else 0),
                    alignment=ft.Alignment.CENTER_LEFT if wide else ft.Alignment.CENTER,
                ),
                *items,
                *(
                    [ft.Container(expand=True), MiniProgress(), ft.Container(height=Space.S)]
                    if wide and session.computer
                    else []
                ),
            ],
            spacing=Space.XS,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        width=Grid.WIDE_RAIL if wide else Grid.RAIL,
        bgcolor=Colours.SURFACE1,
        padding=ft.Padding.symmetric(horizontal=Space.S),
    )


def _brand_mark() -> ft.Control:
    return ft.Icon(ft.Icons.COFFEE_ROUNDED, size=26, color=Colours.ACCENT)


def _rail_item(session: Session, section: Section, *, chosen: bool, wide: bool) -> ft.Control:
    words = session.words(f"shell.{section.name}")
    color = Colours.TEXT if chosen else Colours.TEXT2
    icon = ft.Icon(
        section.chosen_icon if chosen else section.icon,
        size=22,
        color=Colours.ACCENT if chosen else Colours.TEXT2,
    )
    label = ft.Text(
        words,
        style=ft.TextStyle(
            size=Sizes.BODY if wide else 11,
            weight=ft.FontWeight.W_600 if chosen else ft.FontWeight.W_500,
            color=color,
        ),
        max_lines=1,
        overflow=ft.TextOverflow.ELLIPSIS,
    )
    if wide:
        content: ft.Control = ft.Row([icon, label], spacing=Space.M)
    else:
        content = ft.Column(
            [icon, label], spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER
        )
    return _nav_button(session, section, content, chosen=chosen, height=Grid.TARGET if wide else 56)


def _bottom_bar(session: Session, sections: Sequence[Section], location: str) -> ft.Control:
    items: list[ft.Control] = []
    for section in sections[:5]:
        chosen = section.holds(location)
        content = ft.Column(
            [
                ft.Icon(
                    section.chosen_icon if chosen else section.icon,
                    size=22,
                    color=Colours.ACCENT if chosen else Colours.TEXT2,
                ),
                ft.Text(
                    session.words(f"shell.{section.name}"),
                    style=ft.TextStyle(
                        size=11,
                        weight=ft.FontWeight.W_600,
                        color=Colours.TEXT if chosen else Colours.TEXT2,
                    ),
                    max_lines=1,
                    overflow=ft.TextOverflow.ELLIPSIS,
                ),
            ],
            spacing=2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        items.append(
            ft.Container(_nav_button(session, section, content, chosen=chosen, height=56), expand=True)
        )
    return ft.Container(
        ft.Row(items, spacing=0),
        bgcolor=Colours.SURFACE1,
        border=ft.Border(top=ft.BorderSide(1, Colours.SURFACE2)),
        padding=ft.Padding.symmetric(horizontal=Space.XS, vertical=Space.XS),
    )


def _nav_button(
    session: Session, section: Section, content: ft.Control, *, chosen: bool, height: int
) -> ft.Control:
    inner = ft.TextButton(
        content=content,
        height=height,
        style=ft.ButtonStyle(
            bgcolor={
                _STATE.HOVERED: Colours.SURFACE2,
                _STATE.DEFAULT: Colours.SURFACE2 if chosen else ft.Colors.TRANSPARENT,
            },
            overlay_color=ft.Colors.TRANSPARENT,
            side={
                _STATE.FOCUSED: ft.BorderSide(2, Colours.ACCENT),
                _STATE.DEFAULT: ft.BorderSide(2, ft.Colors.TRANSPARENT),
            },
            shape=ft.RoundedRectangleBorder(radius=Radius.CARD),
            padding=ft.Padding.symmetric(horizontal=Space.M if height == Grid.TARGET else 2),
            animation_duration=Motion.HOVER,
        ),
        on_click=lambda _: session.go(section.path),
    )
    return whole(f"nav.{section.name}", inner, link=True, selected=chosen)
