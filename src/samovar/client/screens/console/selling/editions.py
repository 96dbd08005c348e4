"""Editions of a game: the packages of its page, making a further one, taking one off sale and back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.console.pages import OwnApp, Pages, Seen
from samovar.client.api.console.selling import Offers, Package
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import field_error, form_column, select, text_field
from samovar.client.components.panels import chip, panel
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.session import Session
from samovar.client.state.console.slugs import slug_of
from samovar.client.state.names import name_of
from samovar.client.theme.tokens import Space

_NAME_MAX = 100
_WIDTH = 420


def editions(
    session: Session,
    packages: Sequence[Package],
    chosen: Package,
    choose: Callable[[int], None],
    new: ft.Control,
) -> ft.Control:
    """Return the editions to choose from, and the way to a new one."""
    chips = [
        chip(
            f"prices.package.{one.slug}",
            name_of(one.names, session.words.language, one.slug),
            partial(choose, at),
            selected=one is chosen,
        )
        for at, one in enumerate(packages)
    ]
    row: list[ft.Control] = [*(chips if len(chips) > 1 else []), new]
    return ft.Row(
        row, spacing=Space.S, wrap=True, run_spacing=Space.S, vertical_alignment=ft.CrossAxisAlignment.CENTER
    )


@ft.component
def OfferState(package: Package, offers: Offers, again: Callable[[], None]) -> ft.Control:
    """Take an edition off sale, or put it there."""
    session = use_session()
    words = session.words
    doing = use_doing()
    is_asked, set_asked = ft.use_state(False)
    is_sold = package.state == "on_sale"

    async def move() -> None:
        await offers.move(package.id, "withdrawn" if is_sold else "on_sale")
        session.toast(words("editions.withdrawn" if is_sold else "editions.sold"), "success")
        again()

    async def put() -> None:
        await doing.run(move)

    def ask() -> None:
        set_asked(True)

    parts: list[ft.Control] = [*problem_note("editions.problem", doing, placed=False)]
    if is_sold:
        parts.append(button("editions.withdraw", words("editions.withdraw"), ask, kind="quiet"))
    else:
        parts.append(button("editions.sell", words("editions.sell"), put, busy=doing.is_busy))
    if is_asked:
        name = name_of(package.names, words.language, package.slug)
        title = words("editions.sure.title", name=name)
        detail, yes = words("editions.sure.detail"), words("editions.sure.yes")
        parts.append(Confirm("editions.sure", title, detail, yes, move, lambda: set_asked(False)))
    return ft.Column(parts, spacing=Space.S, tight=True)


@ft.component
def NewEdition(
    seen: Seen,
    packages: Sequence[Package],
    offers: Offers,
    done: Callable[[], None],
    cancel: Callable[[], None],
) -> ft.Control:
    """Make a further edition: its name, and what it holds beside the game."""
    session = use_session()
    watch(session.window)
    words = session.words
    organisation_id = seen.draft.organisation_id or ""
    found = use_loaded(lambda: Pages(session.player).apps(organisation_id), [organisation_id])
    doing = use_doing()
    form = use_form({})
    held, set_held = ft.use_state(cast("list[str]", []))
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("editions.error", found.problem, words, found.again)
        return skeleton_rows(2)

    async def work() -> None:
        names = {one: form.text(one) for one in ("ru", "en") if form.text(one)}
        slug = slug_of(f"{seen.draft.page['slug']}-{names.get('en') or names['ru']}")
        place = max((one.place for one in packages), default=0) + 1
        await offers.make(slug, names, [seen.draft.app_id, *held], place)
        session.toast(words("editions.done"), "success")
        done()

    async def make() -> None:
        if form.require(("ru",), words("form.required")):
            await doing.run(work)

    placed = show_errors(form, doing, ("ru", "en", "app_ids"))
    make_it = button("editions.make", words("editions.make"), make, kind="primary", busy=doing.is_busy)
    back = button("editions.cancel", words("action.cancel"), cancel, kind="quiet")
    return panel(
        *problem_note("editions.new.problem", doing, placed=placed),
        form_column(
            text_field("editions.ru", form, "ru", words("editions.ru"), length_max=_NAME_MAX),
            text_field("editions.en", form, "en", words("editions.en"), length_max=_NAME_MAX),
        ),
        *_contents(session, seen.draft.app_id, found.value.items, held, set_held),
        *([field_error("editions.apps.error", form.errors["app_ids"])] if "app_ids" in form.errors else []),
        ft.Row([make_it, back], spacing=Space.S, wrap=True),
        texts.caption(words("editions.rule")),
        title=words("editions.new"),
    )


def _contents(
    session: Session,
    app_id: str,
    apps: Sequence[OwnApp],
    held: list[str],
    set_held: Callable[[list[str]], None],
) -> list[ft.Control]:
    """Return what an edition holds beside the game, and what may be added; a press takes it out again."""
    words = session.words
    titles = {one.app_id: one.title for one in apps}
    left = [one for one in apps if one.app_id not in (app_id, *held) and one.kind != "demo"]
    chips = [
        chip(
            f"editions.held.{one}",
            titles.get(one, one),
            partial(set_held, [each for each in held if each != one]),
            selected=True,
        )
        for one in held
    ]
    parts: list[ft.Control] = []
    if left:
        parts.append(
            select(
                "editions.add",
                words("editions.add"),
                [(one.app_id, f"{one.title} · {words(f'console.kind.{one.kind}')}") for one in left],
                "",
                lambda chosen: set_held([*held, chosen]),
                width=min(_WIDTH, round(session.window.width) - 4 * Space.XL),
            )
        )
    if chips:
        parts.append(ft.Row(list(chips), spacing=Space.S, wrap=True, run_spacing=Space.S))
    return parts
