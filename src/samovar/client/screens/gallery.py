"""The gallery `/_ui`: every component in every state, for people to look at and for tests to photograph.

What belongs to the store, to people and to the console stands on `/_ui/parts`, so that no screen is heavier than a screen may be.
"""

import flet as ft

from samovar.client.api.catalog import Game, Named, Price
from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button, icon_button
from samovar.client.components.console.frame import tabs
from samovar.client.components.fields import check_box, select, text_field
from samovar.client.components.games import game_card, game_card_skeleton
from samovar.client.components.panels import TONES, avatar, badge, chip, note, panel
from samovar.client.components.prices import price_tag
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_lines, skeleton_rows
from samovar.client.hooks import use_session
from samovar.client.screens.samples import console_samples, people_samples, store_samples
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.state.problems import Problem
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

_KINDS: tuple[Kind, ...] = ("primary", "secondary", "quiet", "danger")
_COLUMNS = {"xs": 6, "md": 4, "lg": 3}


@ft.component
def Gallery() -> ft.Control:
    """Show what all screens are built of."""
    session = use_session()
    words = session.words
    return screen(
        session,
        *_head(session, "gallery.components"),
        panel(*_type(session), title=words("gallery.type")),
        panel(_palette(), title=words("gallery.colours")),
        panel(*_buttons(session), title=words("gallery.buttons")),
        panel(*_fields(session), title=words("gallery.fields")),
        panel(*_marks(session), title=words("gallery.marks")),
        panel(*_prices(session), title=words("gallery.prices")),
        panel(_cards(session), title=words("gallery.cards")),
        panel(*_states(session), title=words("gallery.states")),
    )


@ft.component
def GalleryOfParts() -> ft.Control:
    """Show what belongs to one part of the product."""
    session = use_session()
    words = session.words
    return screen(
        session,
        *_head(session, "gallery.parts"),
        panel(*store_samples(session), title=words("shell.store")),
        panel(*people_samples(session), title=words("gallery.people")),
        panel(*console_samples(session), title=words("gallery.console")),
    )


def _head(session: Session, chosen: str) -> tuple[ft.Control, ft.Control]:
    words = session.words
    places = [
        ("gallery.components", words("gallery.title"), "/_ui"),
        ("gallery.parts", words("gallery.parts"), "/_ui/parts"),
    ]
    return texts.page_title(words("gallery.title")), tabs(session, places, chosen)


def _type(session: Session) -> list[ft.Control]:
    sample = session.words("gallery.sample")
    return [
        texts.hero(sample),
        texts.page_title(sample),
        texts.section_title(sample),
        texts.lead(sample),
        texts.body(sample),
        texts.muted(sample),
        texts.caption(sample),
        ft.Row([texts.link("gallery.link", session.words("gallery.link"), lambda: None)]),
    ]


def _palette() -> ft.Control:
    tokens = [(name, value) for name, value in vars(Colours).items() if str(value).startswith("#")]
    return ft.Row(
        [
            ft.Column(
                [
                    ft.Container(
                        width=72,
                        height=44,
                        bgcolor=value,
                        border_radius=Radius.CARD,
                        border=ft.Border.all(1, Colours.LINE),
                    ),
                    texts.caption(name.lower().replace("_", " ")),
                ],
                spacing=Space.XS,
                width=80,
            )
            for name, value in tokens
        ],
        wrap=True,
        spacing=Space.M,
        run_spacing=Space.M,
    )


def _buttons(session: Session) -> list[ft.Control]:
    words = session.words
    rows: list[ft.Control] = []
    for kind in _KINDS:
        name = f"gallery.{kind}"
        rows.append(
            ft.Row(
                [
                    button(name, words("gallery.buy"), lambda: None, kind=kind),
                    button(
                        f"{name}.icon",
                        words("gallery.install"),
                        lambda: None,
                        kind=kind,
                        icon=ft.Icons.DOWNLOAD_ROUNDED,
                    ),
                    button(f"{name}.busy", words("gallery.buy"), None, kind=kind, busy=True),
                    button(f"{name}.disabled", words("gallery.buy"), None, kind=kind, disabled=True),
                ],
                wrap=True,
                spacing=Space.M,
                run_spacing=Space.S,
            )
        )
    favourite = words("gallery.favourite")
    rows.append(
        ft.Row(
            [
                icon_button("gallery.heart", ft.Icons.FAVORITE_BORDER_ROUNDED, favourite, lambda: None),
                icon_button(
                    "gallery.heart.on", ft.Icons.FAVORITE_ROUNDED, favourite, lambda: None, selected=True
                ),
                icon_button(
                    "gallery.bell", ft.Icons.NOTIFICATIONS_OUTLINED, favourite, lambda: None, badge="3"
                ),
                icon_button("gallery.heart.off", ft.Icons.FAVORITE_ROUNDED, favourite, None, disabled=True),
            ],
            spacing=Space.S,
        )
    )
    return rows


def _fields(session: Session) -> list[ft.Control]:
    words = session.words
    filled = Form({"name": "samovar@example.test"})
    wrong = Form({"name": "ая@"}, {"name": words("gallery.error")})
    ticked = Form({"box": "yes"})
    label, hint = words("sign_in.login"), "name@example.ru"

    def cell(control: ft.Control) -> ft.Control:
        return ft.Container(control, col={"xs": 12, "md": 6})

    return [
        ft.ResponsiveRow(
            [
                cell(
                    text_field(
                        "gallery.field", Form(), "name", label, hint=hint, helper=words("gallery.helper")
                    )
                ),
                cell(text_field("gallery.field.filled", filled, "name", label)),
                cell(text_field("gallery.field.wrong", wrong, "name", label)),
                cell(text_field("gallery.field.off", filled, "name", label, disabled=True)),
                cell(
                    text_field(
                        "gallery.field.password", filled, "name", words("sign_in.password"), password=True
                    )
                ),
                cell(
                    select(
                        "gallery.select",
                        words("language.title"),
                        [("ru", "Русский"), ("en", "English")],
                        "ru",
                        lambda _: None,
                        width=240,
                    )
                ),
            ],
            spacing=Space.L,
            run_spacing=Space.L,
        ),
        check_box("gallery.box", Form(), "box", words("sign_in.remember")),
        check_box("gallery.box.on", ticked, "box", words("sign_in.remember")),
    ]


def _marks(session: Session) -> list[ft.Control]:
    words = session.words
    chips = [
        chip("gallery.chip", words("gallery.genre"), lambda: None),
        chip("gallery.chip.on", words("gallery.genre"), lambda: None, selected=True),
        badge(words("gallery.soon")),
        badge(words("gallery.installed"), tone="success"),
        avatar("Самовар"),
    ]
    notes = [note(f"gallery.note.{tone}", words("gallery.note"), tone=tone) for tone in TONES]
    toast = button(
        "gallery.toast", words("gallery.toast"), lambda: session.toast(words("gallery.note"), "success")
    )
    return [ft.Row(chips, spacing=Space.M, wrap=True), *notes, ft.Row([toast])]


def _prices(session: Session) -> list[ft.Control]:
    words = session.words
    full, cut = {"amount": 129900, "currency": "RUB"}, {"amount": 84435, "currency": "RUB"}
    free = {"amount": 0, "currency": "RUB"}
    return [
        price_tag(Price(full, full, 0), words),
        price_tag(Price(full, cut, 35), words),
        price_tag(Price(full, cut, 35), words, large=True),
        price_tag(Price(free, free, 0), words),
        price_tag(None, words),
        texts.body(
            " · ".join(
                [
                    words.size(38_200_000_000),
                    words.speed(52_000_000),
                    words.left(420),
                    words.left(61 * 60),
                    words.number(1299.5, digits=1),
                ]
            )
        ),
    ]


def _cards(session: Session) -> ft.Control:
    words = session.words
    full, cut = {"amount": 129900, "currency": "RUB"}, {"amount": 84435, "currency": "RUB"}
    tags = [Named("a", words("gallery.genre")), Named("b", words("gallery.soon"))]
    games = [
        Game(id="1", slug="gallery-1", title=words("gallery.game"), price=Price(full, full, 0), tags=tags),
        Game(
            id="2", slug="gallery-2", title=words("gallery.long_game"), price=Price(full, cut, 35), tags=tags
        ),
        Game(id="3", slug="gallery-3", title=words("gallery.game"), price=None, tags=[]),
    ]
    cards = [game_card(words, game, lambda: None, col=_COLUMNS) for game in games]
    return ft.ResponsiveRow([*cards, game_card_skeleton(_COLUMNS)], spacing=Space.L, run_spacing=Space.L)


def _states(session: Session) -> list[ft.Control]:
    words = session.words
    problem = Problem(
        "download.no_space",
        words("client.offline.title"),
        words("client.offline.detail"),
        is_offline=True,
        report="DL-104",
    )
    return [
        skeleton_lines(3),
        skeleton_rows(2),
        empty_state(
            "gallery.empty",
            ft.Icons.SPORTS_ESPORTS_OUTLINED,
            words("home.empty.title"),
            words("home.empty.detail"),
            action=button("gallery.empty.action", words("gallery.install"), lambda: None, kind="primary"),
        ),
        error_state("gallery.problem", problem, words, lambda: None),
        ft.Text("0123456789", style=ft.TextStyle(size=Sizes.CAPTION, color=Colours.TEXT2)),
    ]
