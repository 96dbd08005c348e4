"""A person's picture, and a person in a list."""

from collections.abc import Callable, Sequence

import flet as ft

from samovar.client.api.account.profiles import Card
from samovar.client.components import texts
from samovar.client.components.panels import avatar, pressable
from samovar.client.pictures import picture_at
from samovar.client.theme.tokens import Colours, Radius, Space

_SMALL, _LARGE = 64, 256
ROW_PICTURE = 44


def portrait(url: str | None, name: str, *, size: int = ROW_PICTURE) -> ft.Control:
    """Return the picture of a person; the first letter of the name where it does not come."""
    instead = avatar(name, size=size)
    if not url:
        return instead
    picture = ft.Image(
        # Without its size Flet takes the address for the letters of a picture in Base64.
        src=picture_at(f"{url}?size={_SMALL if size <= _SMALL else _LARGE}"),
        width=size,
        height=size,
        fit=ft.BoxFit.COVER,
        error_content=instead,
        exclude_from_semantics=True,
        gapless_playback=True,
    )
    return ft.Container(
        picture,
        width=size,
        height=size,
        border_radius=size / 2,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=Colours.SURFACE3,
    )


def person_row(
    name: str,
    person: Card,
    about: str,
    on_click: Callable[[], object],
    actions: Sequence[ft.Control] = (),
    *,
    title: str | None = None,
    stacked: bool = False,
) -> ft.Control:
    """Return a person in a list.

    Args:
        name: See `identified`; the part that leads to the profile has it.
        person: Who.
        about: The second line.
        on_click: Leads to the profile.
        actions: Buttons at the right edge.
        title: What they are called here, where that is not their own name.
        stacked: The buttons stand under the names: on a phone, where there are several.
    """
    shown = title or person.display_name
    who = ft.Row(
        [
            portrait(person.avatar_url, shown),
            ft.Column(
                [texts.strong(shown, lines=1), texts.caption(about, lines=1)],
                spacing=0,
                tight=True,
                expand=True,
            ),
        ],
        spacing=Space.M,
    )
    link = pressable(name, who, on_click, padding=Space.S)
    link.expand = not stacked
    line: ft.Control = ft.Row([link, *actions], spacing=Space.XS)
    if stacked:
        row = ft.Row(list(actions), spacing=Space.S, alignment=ft.MainAxisAlignment.END)
        line = ft.Column(
            [link, row], spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    return ft.Container(
        line,
        bgcolor=Colours.SURFACE1,
        border_radius=Radius.CARD,
        padding=ft.Padding.only(right=Space.S, bottom=Space.S if stacked else 0),
    )


def handle(person: Card) -> str:
    """Return the unique name as people write it, empty where there is none."""
    return f"@{person.name}" if person.name else ""
