"""The front of the store: a few games, one at a time, large. It turns by itself until somebody takes hold of it."""

import asyncio
from collections.abc import Callable, Sequence

import flet as ft

from samovar.client.api.catalog import Recommended
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.games import CAPSULE_RATIO
from samovar.client.components.identify import identified
from samovar.client.components.prices import price_tag
from samovar.client.components.store.marks import age_mark, platform_marks
from samovar.client.hooks import use_session, watch
from samovar.client.pictures import picture_at
from samovar.client.theme.tokens import Colours, Motion, Radius, Sizes, Space

SLIDES_MAX = 6
TURN_S = 7.0
HEIGHT, HEIGHT_PHONE = 372, 500
_ART_HEIGHT_PHONE = 218
_WORDS_WIDTH = 380
_DOT = 8


@ft.component
def HeroCarousel(slides: Sequence[Recommended]) -> ft.Control:
    """Show slides. The first press of a dot or an arrow stops the turning for good: nobody likes a page that moves away."""
    session = use_session()
    window = watch(session.window)
    is_calm = watch(session.look).is_calm
    at, set_at = ft.use_state(0)
    is_held, set_held = ft.use_state(False)
    count = min(len(slides), SLIDES_MAX)

    async def turn() -> None:
        if is_held or is_calm or count < 2:  # noqa: PLR2004  One slide has nowhere to turn to.
            return
        await asyncio.sleep(TURN_S)
        set_at((at + 1) % count)

    ft.use_effect(turn, [at, is_held, is_calm, count])

    def show(index: int) -> None:
        set_held(True)
        set_at(index % count)

    slide = slides[min(at, count - 1)]
    is_phone = window.kind == "phone"
    layers: list[ft.Control] = [
        _art(slide, phone=is_phone),
        _words(slide, phone=is_phone, margin=window.margin),
    ]
    if count > 1:
        layers.append(_dots(slides[:count], at, show))
        if not is_phone:
            layers += _arrows(at, show)
    box = ft.Container(
        ft.Stack(layers, expand=True),
        height=HEIGHT_PHONE if is_phone else HEIGHT,
        border_radius=Radius.PANEL,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=Colours.SURFACE1,
    )
    return identified("home.hero", box)


def _art(slide: Recommended, *, phone: bool) -> ft.Control:
    """Return the art with its edge faded into the surface that the words stand on."""
    picture: ft.Control = ft.Container(bgcolor=Colours.SURFACE2, expand=True)
    if slide.game.capsule_url:
        picture = ft.Image(
            src=picture_at(f"{slide.game.capsule_url}?width=1280"),
            fit=ft.BoxFit.COVER,
            expand=True,
            exclude_from_semantics=True,
            gapless_playback=True,
            error_content=ft.Container(bgcolor=Colours.SURFACE2, expand=True),
        )
    back = Colours.SURFACE1
    fade = ft.LinearGradient(
        begin=ft.Alignment.BOTTOM_CENTER if phone else ft.Alignment.CENTER_LEFT,
        end=ft.Alignment.TOP_CENTER if phone else ft.Alignment.CENTER_RIGHT,
        colors=[back, ft.Colors.with_opacity(0.0, back)],
        stops=[0.0, 0.3] if phone else [0.0, 0.28],
    )
    art = ft.Stack(
        [
            ft.Container(picture, left=0, right=0, top=0, bottom=0),
            ft.Container(gradient=fade, left=0, right=0, top=0, bottom=0),
        ],
        expand=True,
    )
    if phone:
        return ft.Container(art, left=0, right=0, top=0, height=_ART_HEIGHT_PHONE)
    return ft.Container(art, right=0, top=0, bottom=0, width=HEIGHT * CAPSULE_RATIO)


@ft.component
def _HeroButton(slide: Recommended) -> ft.Control:
    session = use_session()
    return button(
        "home.hero.open",
        session.words("store.open"),
        lambda: session.go(f"/game/{slide.game.slug}"),
        kind="primary",
    )


def _words(slide: Recommended, *, phone: bool, margin: int) -> ft.Control:
    game = slide.game
    title = ft.Text(
        game.title,
        style=ft.TextStyle(
            size=Sizes.PAGE if phone else Sizes.HERO,
            weight=ft.FontWeight.W_700,
            color=Colours.TEXT,
            height=1.15,
        ),
        max_lines=2,
        overflow=ft.TextOverflow.ELLIPSIS,
    )
    column = ft.Column(
        [
            _Reason(slide),
            ft.Semantics(header=True, content=title),
            texts.body(game.short_description, color=Colours.TEXT2, lines=2 if phone else 3),
            ft.Row(
                [age_mark(game.age_rating), platform_marks(game.platforms)],
                spacing=Space.M,
                tight=True,
            ),
            _Price(slide),
            ft.Container(_HeroButton(slide), padding=ft.Padding.only(top=Space.XS)),
        ],
        spacing=Space.M,
        tight=True,
        alignment=ft.MainAxisAlignment.END if phone else ft.MainAxisAlignment.CENTER,
    )
    if phone:
        return ft.Container(column, left=margin, right=margin, bottom=Space.XXL + Space.S)
    return ft.Container(
        column,
        left=Space.XXXL + Space.L,
        top=0,
        bottom=0,
        width=_WORDS_WIDTH,
        alignment=ft.Alignment.CENTER_LEFT,
    )


@ft.component
def _Reason(slide: Recommended) -> ft.Control:
    return ft.Text(
        slide.reason.text,
        style=ft.TextStyle(size=13, weight=ft.FontWeight.W_500, color=Colours.TEXT2),
        max_lines=2,
        overflow=ft.TextOverflow.ELLIPSIS,
    )


@ft.component
def _Price(slide: Recommended) -> ft.Control:
    return price_tag(slide.game.price, use_session().words)


def _dots(slides: Sequence[Recommended], at: int, show: Callable[[int], None]) -> ft.Control:
    dots: list[ft.Control] = []
    for index, slide in enumerate(slides):
        dot = ft.Container(
            ft.Container(
                width=_DOT * 3 if index == at else _DOT,
                height=_DOT,
                border_radius=_DOT / 2,
                bgcolor=Colours.ACCENT if index == at else Colours.CONTROL_LINE,
                animate=Motion.PANEL,
            ),
            padding=ft.Padding.symmetric(horizontal=8, vertical=10),
            on_click=lambda _, index=index: show(index),
        )
        dots.append(
            identified(
                f"home.hero.dot.{index}", dot, label=slide.game.title, button=True, selected=index == at
            )
        )
    row = ft.Row(dots, spacing=0, tight=True, alignment=ft.MainAxisAlignment.CENTER)
    return ft.Container(row, bottom=Space.XS, left=0, right=0, alignment=ft.Alignment.CENTER)


def _arrows(at: int, show: Callable[[int], None]) -> list[ft.Control]:
    words = use_session().words

    def arrow(name: str, icon: ft.IconData, step: int) -> ft.Control:
        return icon_button(f"home.hero.{name}", icon, words(f"store.{name}"), lambda: show(at + step))

    place = HEIGHT / 2 - 22
    return [
        ft.Container(arrow("previous", ft.Icons.CHEVRON_LEFT_ROUNDED, -1), left=Space.S, top=place),
        ft.Container(arrow("next", ft.Icons.CHEVRON_RIGHT_ROUNDED, 1), right=Space.S, top=place),
    ]
