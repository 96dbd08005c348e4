"""What people fill in. A field keeps what was typed in a `Form`, which needs no Flutter; an error stands under its field."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import icon_button
from samovar.client.components.identify import whole
from samovar.client.hooks import use_session
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Colours, Grid, Radius, Sizes, Space

_PADDING = ft.Padding.symmetric(horizontal=14, vertical=13)
_PASSWORD_PADDING = ft.Padding.only(left=14, right=Grid.TARGET, top=13, bottom=13)


def text_field(
    name: str,
    form: Form,
    field: str,
    label: str,
    *,
    hint: str | None = None,
    helper: str | None = None,
    password: bool = False,
    autofocus: bool = False,
    length_max: int | None = None,
    lines: int = 1,
    keyboard: ft.KeyboardType | None = None,
    autofill: ft.AutofillHint | None = None,
    on_submit: Callable[[], object] | None = None,
    prefix: ft.IconData | None = None,
    disabled: bool = False,
) -> ft.Control:
    """Return a field with its label above it.

    Args:
        name: See `identified`.
        form: What keeps it.
        field: Its name in the form, and in the errors of the API.
        label: What it is.
        hint: An example, while it is empty.
        helper: A rule, said before it is broken.
        password: What is typed is hidden, and can be shown.
        autofocus: The keyboard stands in it at first.
        length_max: In letters.
        lines: How high it is.
        keyboard: Which keyboard a phone shows.
        autofill: What the browser or a password manager may put in.
        on_submit: What Enter does.
        prefix: A picture before the text.
        disabled: It cannot be changed now.
    """
    error = form.errors.get(field)
    form.places[field] = None  # In its turn, though a password is drawn later.

    def changed(event: ft.Event[ft.TextField]) -> None:
        form.write(field, event.control.value or "")

    def entry(*, hidden: bool) -> ft.Control:
        inner = ft.TextField(
            value=form.values.get(field, ""),
            hint_text=hint,
            password=hidden,
            obscuring_character="\u2022",  # The bullet that the font has.
            autofocus=autofocus,
            max_length=length_max,
            counter=None if lines > 1 else "",
            counter_style=ft.TextStyle(size=Sizes.CAPTION, color=Colours.TEXT3),
            multiline=lines > 1,
            min_lines=lines if lines > 1 else None,
            max_lines=lines,
            keyboard_type=keyboard or ft.KeyboardType.TEXT,
            autofill_hints=autofill,
            prefix_icon=prefix,
            autocorrect=lines > 1,
            enable_suggestions=lines > 1,
            **_look(is_wrong=error is not None, is_password=password),
            disabled=disabled,
            on_change=changed,
            on_submit=(lambda _: on_submit()) if on_submit else None,
        )
        form.places[field] = inner
        return whole(name, inner, label=label, about=error or helper)

    parts: list[ft.Control] = [
        ft.Semantics(content=texts.caption(label, color=Colours.TEXT2), exclude_semantics=True),
        Password(name, entry) if password else entry(hidden=False),
    ]
    if error:
        parts.append(field_error(f"{name}.error", error))
    elif helper:
        parts.append(texts.caption(helper))
    return ft.Column(parts, spacing=6, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def Password(name: str, entry: Callable[..., ft.Control]) -> ft.Control:
    """Show a field for a password, and in it a button that shows what was typed."""
    words = use_session().words
    is_shown, set_shown = ft.use_state(False)
    reveal = icon_button(
        f"{name}.reveal",
        ft.Icons.VISIBILITY_OFF_ROUNDED if is_shown else ft.Icons.VISIBILITY_ROUNDED,
        words("password.hide" if is_shown else "password.show"),
        lambda: set_shown(not is_shown),
    )
    return ft.Stack(
        [
            entry(hidden=not is_shown),
            ft.Container(reveal, right=0, top=0, bottom=0),
        ],
        fit=ft.StackFit.PASS_THROUGH,
    )


def _look(*, is_wrong: bool, is_password: bool) -> dict[str, Any]:
    """Return how a field looks: its border says where the keyboard stands, and what is wrong."""
    return {
        "text_size": Sizes.BODY,
        "color": Colours.TEXT,
        "hint_style": ft.TextStyle(color=Colours.TEXT3, size=Sizes.BODY),
        "cursor_color": Colours.ACCENT,
        "filled": True,
        "fill_color": Colours.SURFACE1,
        "hover_color": Colours.SURFACE2,
        "border_radius": Radius.CARD,
        "border_color": Colours.DANGER if is_wrong else Colours.CONTROL_LINE,
        "border_width": 1,
        "focused_border_color": Colours.DANGER if is_wrong else Colours.ACCENT,
        "focused_border_width": 2,
        "content_padding": _PASSWORD_PADDING if is_password else _PADDING,
        "dense": True,
    }


def field_error(name: str, text: str) -> ft.Control:
    """Return what is wrong with a field: a sign and a sentence, read out at once."""
    row = ft.Row(
        [
            ft.Icon(ft.Icons.ERROR_OUTLINE_ROUNDED, size=16, color=Colours.DANGER),
            ft.Container(texts.caption(text, color=Colours.DANGER), expand=True),
        ],
        spacing=6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(key=name, identifier=name, live_region=True, content=row)


def check_box(
    name: str, form: Form, field: str, label: str, *, on_change: Callable[[bool], object] | None = None
) -> ft.Control:
    """Return a box to tick, with its sentence beside it; both take the click."""

    def choose(*, chosen: bool) -> None:
        form.choose(field, chosen=chosen)
        form.changed()
        if on_change:
            on_change(chosen)

    box = ft.Checkbox(
        value=form.chosen(field),
        fill_color={ft.ControlState.SELECTED: Colours.ACCENT, ft.ControlState.DEFAULT: Colours.SURFACE1},
        check_color=Colours.ON_ACCENT,
        on_change=lambda event: choose(chosen=bool(event.control.value)),
    )
    sentence = ft.Container(
        ft.Text(label, style=ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT2, height=1.35)),
        on_click=lambda _: choose(chosen=not form.chosen(field)),
        expand=True,
    )
    row = ft.Row(
        [
            # Its touch target is wider than what is drawn: the box stands in line with the fields above it.
            ft.Container(whole(name, box, label=label), margin=ft.Margin.only(left=-11)),
            ft.Semantics(content=sentence, exclude_semantics=True, expand=True),
        ],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    error = form.errors.get(field)
    parts: list[ft.Control] = [row]
    if error:
        parts.append(field_error(f"{name}.error", error))
    return ft.Column(parts, spacing=0, tight=True)


def select(
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    chosen: str,
    on_select: Callable[[str], object],
    *,
    width: int | None = None,
) -> ft.Control:
    """Return a choice of one out of several, each a value and its words; what is chosen is read out after its label, which stands above it."""
    return ft.Column(
        [
            ft.Semantics(content=texts.caption(label, color=Colours.TEXT2), exclude_semantics=True),
            drop_down(name, label, options, chosen, on_select, width=width),
        ],
        spacing=6,
        tight=True,
    )


def drop_down(
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    chosen: str,
    on_select: Callable[[str], object],
    *,
    width: int | None = None,
) -> ft.Control:
    """Return a `select` whose label is heard and not seen.

    The newer list of Flet lets the keyboard stand on the arrow in it instead, and shows what was passed by and not chosen.
    """
    inner = ft.DropdownM2(
        value=chosen if chosen in dict(options) else None,
        options=[
            ft.dropdownm2.Option(key=value, content=texts.body(words, lines=1)) for value, words in options
        ],
        text_size=Sizes.BODY,
        color=Colours.TEXT,
        filled=True,
        fill_color=Colours.SURFACE1,
        bgcolor=Colours.SURFACE2,
        border_color=Colours.CONTROL_LINE,
        focused_border_color=Colours.ACCENT,
        focused_border_width=2,
        border_radius=Radius.CARD,
        content_padding=ft.Padding.symmetric(horizontal=14, vertical=6),
        width=width,
        on_change=lambda event: on_select(str(event.control.value)),
    )
    return whole(name, inner, label=label)


def form_column(*controls: ft.Control) -> ft.Control:
    """Return the fields of a form under each other, known to password managers as one."""
    column = ft.Column(
        list(controls), spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return ft.AutofillGroup(content=column)
