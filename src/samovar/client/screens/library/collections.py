"""The player's own groups of games: which there are, making, naming and dropping them."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft
import msgspec

from samovar.client.api.library import Collection, Groups
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import text_field
from samovar.client.components.panels import chip
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.session import Session
from samovar.client.state.library import ONLY, Shelf
from samovar.client.theme.tokens import Space

_WIDTH = 440
NAME_MAX = 60


@ft.component
def CollectionBar(wanted: Shelf, collections: list[Collection], again: Callable[[], None]) -> ft.Control:
    """Show what the library can be narrowed to; the chosen collection can be named otherwise and dropped.

    Args:
        wanted: What is shown.
        collections: All of them.
        again: Looks at them again.
    """
    session = use_session()
    words = session.words
    asked, ask = ft.use_state("")
    groups = Groups(session.player)
    chosen = next((one for one in collections if one.collection_id == wanted.collection), None)

    def to(collection: str | None, only: str = "") -> Callable[[], None]:
        return partial(session.go, msgspec.structs.replace(wanted, collection=collection, only=only).path())

    async def make(name: str) -> None:
        made = await groups.collect(name)
        again()
        to(made.collection_id)()

    async def rename(name: str) -> None:
        await groups.rename(wanted.collection or "", name)
        again()

    async def drop() -> None:
        await groups.drop(wanted.collection or "")
        to(None)()

    parts = _chips(session, wanted, collections, to)
    parts.append(chip("library.collection.new", words("library.collection.new"), partial(ask, "new")))
    if chosen is not None:
        parts += _managing(session, chosen, ask)
    row = ft.Row(
        parts,
        wrap=True,
        spacing=Space.S,
        run_spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    close = partial(ask, "")
    if asked == "new":
        return ft.Column([row, NameDialog("", make, close)], tight=True, spacing=0)
    if chosen is not None and asked == "rename":
        return ft.Column([row, NameDialog(chosen.name, rename, close)], tight=True, spacing=0)
    if chosen is not None and asked == "drop":
        return ft.Column([row, _dropping(session, chosen, drop, close)], tight=True, spacing=0)
    return row


def _chips(
    session: Session,
    wanted: Shelf,
    collections: list[Collection],
    to: Callable[..., Callable[[], None]],
) -> list[ft.Control]:
    words = session.words
    is_all = wanted.collection is None and not wanted.only
    chips = [chip("library.collection.all", words("library.all"), to(None), selected=is_all)]
    chips += [
        chip(f"library.only.{one}", words(f"library.only.{one}"), to(None, one), selected=one == wanted.only)
        for one in ONLY
    ]
    chips += [
        chip(
            f"library.collection.{one.collection_id}",
            f"{one.name} · {one.games}",
            to(one.collection_id),
            selected=one.collection_id == wanted.collection,
        )
        for one in collections
    ]
    return [*chips]


def _managing(session: Session, chosen: Collection, ask: Callable[[str], None]) -> list[ft.Control]:
    words = session.words
    return [
        icon_button(
            "library.collection.rename",
            ft.Icons.EDIT_OUTLINED,
            words("library.collection.rename", name=chosen.name),
            partial(ask, "rename"),
        ),
        icon_button(
            "library.collection.drop",
            ft.Icons.DELETE_OUTLINE_ROUNDED,
            words("library.collection.drop", name=chosen.name),
            partial(ask, "drop"),
        ),
    ]


def _dropping(
    session: Session, chosen: Collection, drop: Callable[[], Awaitable[None]], close: Callable[[], None]
) -> ft.Control:
    words = session.words
    return Confirm(
        "library.collection.dropping",
        words("library.collection.drop", name=chosen.name),
        words("library.collection.drop_detail"),
        words("library.collection.drop_verb"),
        drop,
        close,
    )


@ft.component
def NameDialog(former: str, work: Callable[[str], Awaitable[None]], close: Callable[[], None]) -> ft.Control:
    """Ask what a collection is called; drawn while the question is open.

    Args:
        former: Its name up to now; empty for one that is to be.
        work: Is given the name. What fails is said in the dialog, which stays.
        close: Called when the question is over, either way.
    """
    session = use_session()
    window = watch(session.window)
    words = session.words
    doing = use_doing()
    form = use_form({"name": former})

    async def save() -> None:
        if not form.require(("name",), words("form.required")):
            return

        async def do() -> None:
            await work(form.text("name"))
            close()

        await doing.run(do)

    placed = show_errors(form, doing, ("name",))
    field = text_field(
        "library.collection.name",
        form,
        "name",
        words("library.collection.name"),
        autofocus=True,
        length_max=NAME_MAX,
        on_submit=lambda: session.later(save()),
    )
    dialog = ft.AlertDialog(
        title=texts.section_title(words("library.collection.naming" if former else "library.collection.new")),
        content=ft.Column(
            [*problem_note("library.collection.problem", doing, placed=placed), field],
            spacing=Space.L,
            tight=True,
            width=min(_WIDTH, window.width - 2 * Space.XXL),
        ),
        actions=[
            button("library.collection.cancel", words("action.cancel"), close, kind="quiet"),
            button(
                "library.collection.save",
                words("action.save" if former else "library.collection.make"),
                save,
                kind="primary",
                busy=doing.is_busy,
            ),
        ],
        on_dismiss=lambda _: close(),
    )
    ft.use_dialog(dialog)
    return ft.Container(visible=False)
