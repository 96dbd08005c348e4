"""The pictures of a game: one large, the others as a strip under it; a press shows one over the whole window."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import flet as ft

from samovar.client.api.game_pages import Medium
from samovar.client.components.buttons import icon_button
from samovar.client.components.panels import pressable
from samovar.client.hooks import use_session, watch
from samovar.client.pictures import picture_at
from samovar.client.theme.tokens import Colours, Space

RATIO = 16 / 9
THUMB_WIDTH, THUMB_HEIGHT = 128, 72
_SHOWN = ("screenshot",)
_INSTEAD = ("header", "hero", "capsule")
PICTURES_MAX = 24


def pictures_of(media: Sequence[Medium]) -> list[Medium]:
    """Return what is shown: screenshots, else the widest art there is."""
    shots = [one for one in media if one.kind in _SHOWN]
    if shots:
        return shots[:PICTURES_MAX]
    art = {one.kind: one for one in reversed(media)}
    return [art[kind] for kind in _INSTEAD if kind in art][:1]


@ft.component
def Gallery(pictures: Sequence[Medium]) -> ft.Control:
    """Show pictures."""
    session = use_session()
    window = watch(session.window)
    at, set_at = ft.use_state(0)
    is_large, set_large = ft.use_state(False)
    count = len(pictures)
    words = session.words

    def step(by: int) -> None:
        set_at((at + by) % count)

    picture = pictures[min(at, count - 1)]
    label = picture.alt or words("game.gallery.picture", number=at + 1, count=count)
    close = icon_button(
        "gallery.close", ft.Icons.CLOSE_ROUNDED, words("action.close"), lambda: set_large(False)
    )
    large = ft.AlertDialog(
        content=ft.Column(
            [
                ft.Row([close], alignment=ft.MainAxisAlignment.END),
                _image(picture, 1920, label, fit=ft.BoxFit.CONTAIN, expand=True),
            ],
            tight=True,
            width=min(1280, window.width - 2 * Space.XL),
        ),
        bgcolor=Colours.CANVAS,
        content_padding=Space.M,
        inset_padding=Space.L,
        on_dismiss=lambda _: set_large(False),
    )
    ft.use_dialog(large if is_large else None)
    main = _image(picture, 1280, label, aspect_ratio=RATIO)
    parts: list[ft.Control] = [
        pressable("gallery.picture", main, lambda: set_large(True), back=Colours.SURFACE2)
    ]
    if count > 1:
        thumbs = [_thumb(one, index, chosen=index == at, show=set_at) for index, one in enumerate(pictures)]
        strip = ft.Row(list(thumbs), spacing=Space.S, scroll=ft.ScrollMode.AUTO, expand=True)
        arrows = [
            icon_button(
                "gallery.previous",
                ft.Icons.CHEVRON_LEFT_ROUNDED,
                words("game.gallery.previous"),
                lambda: step(-1),
            ),
            strip,
            icon_button(
                "gallery.next", ft.Icons.CHEVRON_RIGHT_ROUNDED, words("game.gallery.next"), lambda: step(1)
            ),
        ]
        parts.append(ft.Row(list(arrows) if window.kind != "phone" else [strip], spacing=Space.S))
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _thumb(picture: Medium, index: int, *, chosen: bool, show: Callable[[int], None]) -> ft.Control:
    return pressable(
        f"gallery.thumb.{index}",
        _image(picture, 320, "", width=THUMB_WIDTH, height=THUMB_HEIGHT),
        partial(show, index),
        label=picture.alt or str(index + 1),
        back=Colours.SURFACE2,
        edge=Colours.ACCENT if chosen else ft.Colors.TRANSPARENT,
        ring=Colours.TEXT,
        selected=chosen,
    )


def _image(
    picture: Medium, pixels: int, label: str, *, fit: ft.BoxFit = ft.BoxFit.COVER, **place: Any
) -> ft.Image:
    """Return a picture, fetched so wide, at its place: as the arguments of a control say."""
    return ft.Image(
        src=picture_at(f"{picture.url}?width={pixels}"),
        fit=fit,
        **place,
        semantics_label=label or None,
        exclude_from_semantics=not label,
        gapless_playback=True,
        error_content=ft.Container(bgcolor=Colours.SURFACE2),
    )
