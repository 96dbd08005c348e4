"""The pictures of a page: what each kind is for, bringing them to the platform, their order."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import flet as ft

from samovar.client.api.console.media import Media
from samovar.client.api.console.pages import StoredImage
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.fields import field_error, text_field
from samovar.client.components.panels import note, panel
from samovar.client.hooks import use_doing, use_session
from samovar.client.pictures import picture_at
from samovar.client.session import Session
from samovar.client.state.console.editing import LANGUAGES, MEDIA_MAX, SINGLE_KINDS, Editing
from samovar.client.theme.tokens import Colours, Radius, Space
from samovar.client.uploading import PickFailed, pick_pictures, picture_kind

_SIZES = {
    "capsule": (616, 353),
    "header": (920, 430),
    "hero": (1920, 620),
    "library": (600, 900),
}
_HEIGHT = 96
_ALT_MAX = 100


@ft.component
def Pictures(editing: Editing, draw: Callable[[], None]) -> ft.Control:
    """Show the pictures by their kinds."""
    session = use_session()
    parts: list[ft.Control] = []
    if error := editing.form.errors.get("media"):
        parts.append(field_error("editor.media.error", error))
    parts += [Kind(editing, kind, draw) for kind in (*SINGLE_KINDS, "screenshot")]
    parts.append(texts.caption(session.words("editor.pictures.rule")))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def Kind(editing: Editing, kind: str, draw: Callable[[], None]) -> ft.Control:
    """Show the pictures of one kind, and bring new ones."""
    session = use_session()
    words = session.words
    doing = use_doing()
    failed, set_failed = ft.use_state("")
    told, set_told = ft.use_state("")
    shown = [one for one in editing.media if one["kind"] == kind]
    is_single = kind in SINGLE_KINDS

    async def bring() -> None:
        set_failed("")
        try:
            async for content in pick_pictures(session, several=not is_single):
                if len(editing.media) >= MEDIA_MAX:
                    set_failed(words("editor.pictures.too_many", count=MEDIA_MAX))
                    break
                if (media_type := picture_kind(content)) is None:
                    set_failed(words("editor.pictures.no_picture"))
                    continue
                stored = await Media(session.player).upload(content, media_type)
                if (least := _SIZES.get(kind)) and _is_small(stored, least):
                    set_failed(_too_small(session, stored, least))
                    continue
                editing.add_picture(kind, stored)
                draw()
        except PickFailed as wrong:
            set_failed(words(f"editor.pictures.{wrong.reason}"))

    parts: list[ft.Control] = [texts.caption(_rule(session, kind))]
    for one in shown:
        image = str(one["image"])
        is_told = image == told or any(name.startswith(f"alt.{image}.") for name in editing.form.errors)
        tell = partial(set_told, "" if is_told else image)
        parts.append(_picture(session, editing, one, shown, draw, tell))
        if is_told:
            parts += _alt(session, editing, one, shown.index(one))
    parts += [_misfit(session, one) for one in shown if not _fits(one)]
    problem = failed or (doing.problem.detail if doing.problem else "")
    if problem:
        parts.append(note(f"editor.picture.{kind}.problem", problem, tone="danger"))
    label = "editor.pictures.replace" if is_single and shown else "editor.pictures.add"
    add = button(
        f"editor.picture.{kind}.add",
        words(label),
        partial(doing.run, bring),
        icon=ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED,
        busy=doing.is_busy,
    )
    parts.append(ft.Row([add]))
    return panel(*parts, title=words(f"editor.picture.{kind}"))


def _picture(
    session: Session,
    editing: Editing,
    one: Mapping[str, Any],
    among: Sequence[Mapping[str, Any]],
    draw: Callable[[], None],
    tell: Callable[[], None],
) -> ft.Control:
    words = session.words
    at = among.index(one)
    name = f"editor.picture.{one['kind']}.{at}"
    alt = editing.form.text(f"alt.{one['image']}.{words.language}") or editing.form.text(
        f"alt.{one['image']}.ru"
    )

    def do(work: Callable[[], None]) -> Callable[[], None]:
        def done() -> None:
            work()
            draw()

        return done

    image = ft.Container(
        ft.Image(
            src=picture_at(f"/v1/media/{one['image']}?width=320"),
            fit=ft.BoxFit.COVER,
            height=_HEIGHT,
            width=_HEIGHT * min(2.2, int(one["width"]) / int(one["height"])),
            semantics_label=alt or words("editor.pictures.one", number=at + 1),
        ),
        border_radius=Radius.BADGE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=Colours.SURFACE2,
    )
    is_narrow = session.window.kind == "phone"
    row: list[ft.Control] = [] if is_narrow else [image]
    about = [
        texts.caption(f"{one['width']} × {one['height']}", lines=1),
        texts.caption(alt or words("editor.alt.none"), lines=2),
    ]
    row.append(ft.Container(ft.Column(list(about), spacing=2, tight=True), expand=True))
    label = words("editor.alt.tell")
    row.append(icon_button(f"{name}.alt", ft.Icons.NOTES_ROUNDED, label, tell))
    row += _moves(session, editing, one, at, len(among), do)
    row.append(
        icon_button(
            f"{name}.drop",
            ft.Icons.DELETE_OUTLINE_ROUNDED,
            words("editor.pictures.drop"),
            do(partial(editing.drop_picture, one)),
        )
    )
    line = ft.Row(row, spacing=Space.S)
    return ft.Column([image, line], spacing=Space.XS, tight=True) if is_narrow else line


def _moves(
    session: Session,
    editing: Editing,
    one: Mapping[str, Any],
    at: int,
    count: int,
    do: Callable[[Callable[[], None]], Callable[[], None]],
) -> list[ft.Control]:
    """Return the ways to show a picture earlier or later among several."""
    if count < 2:  # noqa: PLR2004  One alone has no order.
        return []
    words = session.words
    name = f"editor.picture.{one['kind']}.{at}"
    ways = ((-1, ft.Icons.ARROW_UPWARD_ROUNDED, "earlier"), (1, ft.Icons.ARROW_DOWNWARD_ROUNDED, "later"))
    return [
        icon_button(
            f"{name}.{word}",
            icon,
            words(f"editor.pictures.{word}"),
            do(partial(editing.move_picture, one, by)),
            disabled=not 0 <= at + by < count,
        )
        for by, icon, word in ways
    ]


def _alt(session: Session, editing: Editing, one: Mapping[str, Any], at: int) -> list[ft.Control]:
    """Return the fields of what a picture says to whoever does not see it."""
    words = session.words
    return [
        text_field(
            f"editor.picture.{one['kind']}.{at}.alt.{language}",
            editing.form,
            f"alt.{one['image']}.{language}",
            words(f"editor.alt.{language}"),
            helper=words("editor.alt.rule") if language == LANGUAGES[-1] else None,
            length_max=_ALT_MAX,
        )
        for language in LANGUAGES
    ]


def _rule(session: Session, kind: str) -> str:
    size = _SIZES.get(kind)
    rule = session.words(f"editor.picture.{kind}.rule")
    return f"{size[0]} × {size[1]}. {rule}" if size else rule


def _fits(one: Mapping[str, Any]) -> bool:
    """Return whether a picture has about the shape that its place has."""
    size = _SIZES.get(one["kind"])
    if size is None:
        return True
    wanted, is_now = size[0] / size[1], int(one["width"]) / int(one["height"])
    return 0.9 < wanted / is_now < 1.1  # noqa: PLR2004  A tenth is cut off, which nobody sees.


def _is_small(stored: StoredImage, least: tuple[int, int]) -> bool:
    """Return whether a picture would be blurred in its place."""
    return stored.width < least[0] or stored.height < least[1]


def _too_small(session: Session, stored: StoredImage, least: tuple[int, int]) -> str:
    now, wanted = f"{stored.width} × {stored.height}", f"{least[0]} × {least[1]}"
    return session.words("editor.pictures.too_small", size=now, least=wanted)


def _misfit(session: Session, one: Mapping[str, Any]) -> ft.Control:
    return note(
        f"editor.picture.{one['kind']}.misfit", session.words("editor.pictures.misfit"), tone="warning"
    )
