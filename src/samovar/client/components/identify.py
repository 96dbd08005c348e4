"""The name by which tests, and tools for people who do not see, find a control: `key` and a semantics identifier, always both."""

import flet as ft


def identified(
    name: str,
    control: ft.Control,
    *,
    label: str | None = None,
    button: bool | None = None,
    link: bool | None = None,
    selected: bool | None = None,
    expand: bool | int | None = None,
    col: dict[str, int] | None = None,
) -> ft.Semantics:
    """Return a control under a name, unique on its screen: `sign_in.submit`, `game.42.buy`.

    Args:
        name: The name; it is not read out.
        control: What is named.
        label: What is read out, where the control does not say it itself.
        button: It is a button, where the control does not say so itself.
        link: It leads to another screen.
        selected: It is the chosen one of several.
        expand: As of any control.
        col: Its columns in a `ResponsiveRow`.
    """
    named = ft.Semantics(
        key=name,
        identifier=name,
        content=control,
        label=label,
        button=button,
        link=link,
        selected=selected,
        expand=expand,
    )
    if col is not None:
        named.col = col  # type: ignore[assignment]  # The annotation of Flet names only some of the forms it takes.
    return named


@ft.control("Semantics")  # type: ignore[arg-type]  # Its annotation knows no class.
class _Told(ft.Semantics):
    """Semantics whose hint arrives: the runtime reads it by another name than that by which Flet sends `hint_text`."""

    hint: str | None = None


def whole(
    name: str,
    control: ft.Control,
    *,
    label: str | None = None,
    about: str | None = None,
    link: bool | None = None,
    selected: bool | None = None,
    col: dict[str, int] | None = None,
) -> ft.Control:
    """Return a control under a name, told as one thing: what is read out belongs to the element that is used, not to a group.

    Args:
        name: See `identified`.
        control: A field, a box to tick, a button; nothing else that can be used lies in it.
        label: Its name, where it does not say it itself.
        about: Its rule, or what is wrong with it: read out after the name.
        link: It leads to another screen.
        selected: It is the chosen one of several.
        col: Its columns in a `ResponsiveRow`.
    """
    told = _Told(
        key=name, identifier=name, label=label, hint=about, link=link, selected=selected, content=control
    )
    merged = ft.MergeSemantics(key=name, content=told)
    if col is not None:
        merged.col = col  # type: ignore[assignment]  # The annotation of Flet names only some of the forms it takes.
    return merged
