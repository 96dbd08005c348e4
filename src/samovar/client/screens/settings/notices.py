"""Notices: of what one is told."""

from functools import partial

import flet as ft

from samovar.client.api.account.settings import Category, Preferences
from samovar.client.components import texts
from samovar.client.components.panels import note, panel
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.settings.frame import settings_screen, switch


@ft.component
def NoticeSettings() -> ft.Control:
    """Show the categories."""
    session = use_session()
    watch(session.window)
    words = session.words
    found = use_loaded(lambda: Preferences(session.player).notices())
    if found.value is None:
        if found.problem and not found.is_loading:
            failed = error_state("notices.error", found.problem, words, found.again)
            return settings_screen(session, "notices", failed)
        return settings_screen(session, "notices", panel(skeleton_lines(5)))
    return settings_screen(session, "notices", Categories(found.value.categories))


@ft.component
def Categories(first: list[Category]) -> ft.Control:
    """Ask of what one wants to be told; each choice counts at once."""
    session = use_session()
    words = session.words
    doing = use_doing()
    categories, set_categories = ft.use_state(tuple(first))

    def choose(name: str, told: bool) -> None:  # noqa: FBT001  As a switch tells it.
        async def work() -> None:
            wanted = {one.category: one.inbox for one in categories if not one.is_fixed} | {name: told}
            set_categories(tuple((await Preferences(session.player).choose_notices(wanted)).categories))

        async def run() -> None:
            await doing.run(work)

        session.later(run())

    rows: list[ft.Control] = [
        switch(
            f"notices.{one.category}",
            words(f"notices.{one.category}"),
            words("notices.fixed") if one.is_fixed else words(f"notices.detail.{one.category}"),
            one.inbox,
            partial(choose, one.category),
            disabled=doing.is_busy,
            fixed=one.is_fixed,
        )
        for one in categories
    ]
    if doing.problem:
        rows.append(note("notices.problem", doing.problem.detail, tone="danger"))
    return panel(texts.muted(words("notices.about")), *rows, title=words("notices.title"))
