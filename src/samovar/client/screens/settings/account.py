"""Settings of the account: mail address, phone, country, age."""

from collections.abc import Callable
from datetime import date
from functools import partial

import flet as ft

from samovar.client.api.account.profiles import Me
from samovar.client.api.account.settings import Contacts, Preferences, Settings
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import select, text_field
from samovar.client.components.panels import note, panel
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.settings.contact import ContactPanel
from samovar.client.screens.settings.frame import settings_screen
from samovar.client.state.people.birth import day_of

COUNTRIES = ("RU", "BY", "KZ", "AM", "KG", "UZ", "TJ", "AZ", "GE", "MD", "RS", "TR")
_SELECT_WIDTH = 280


@ft.component
def AccountSettings() -> ft.Control:
    """Show them all, out of two calls."""
    session = use_session()
    watch(session.window)
    words = session.words

    async def load() -> tuple[Me, Settings]:
        return await Contacts(session.player).me(), await Preferences(session.player).settings()

    found = use_loaded(load)
    if found.value is None:
        if found.problem and not found.is_loading:
            failed = error_state("settings.error", found.problem, words, found.again)
            return settings_screen(session, "account", failed)
        return settings_screen(session, "account", panel(skeleton_lines(3)), panel(skeleton_lines(3)))
    me, settings = found.value
    return settings_screen(
        session,
        "account",
        ProfilePanel(session.account.display_name),
        ContactPanel("email", me.email, found.again),
        ContactPanel("phone", me.phone, found.again),
        CountryPanel(settings),
        ft.Container(AgePanel(me, found.again), key=f"age.{me.age_source}"),
    )


@ft.component
def ProfilePanel(name: str) -> ft.Control:
    """Lead to what others see."""
    session = use_session()
    words = session.words
    to = button(
        "settings.profile",
        words("profile.edit"),
        lambda: session.go("/profile/edit"),
        icon=ft.Icons.EDIT_OUTLINED,
    )
    return panel(texts.muted(words("settings.profile_detail")), title=name, action=to)


@ft.component
def CountryPanel(settings: Settings) -> ft.Control:
    """Ask in which country the player is at home: prices and what is sold follow it."""
    session = use_session()
    words = session.words
    doing = use_doing()
    country, set_country = ft.use_state(settings.country or "")

    def choose(wanted: str) -> None:
        async def work() -> None:
            changed = await Preferences(session.player).change_settings({"country": wanted or None})
            set_country(changed.country or "")
            session.toast(words("settings.saved"), "success")

        async def run() -> None:
            await doing.run(work)

        session.later(run())

    known = [country] if country and country not in COUNTRIES else []
    options = [("", words("settings.country_none"))]
    options += [(one, words(f"country.{one}") if one in COUNTRIES else one) for one in (*COUNTRIES, *known)]
    parts: list[ft.Control] = [
        texts.muted(words("settings.country_detail")),
        select("settings.country", words("settings.country"), options, country, choose, width=_SELECT_WIDTH),
    ]
    if doing.problem:
        parts.append(note("settings.country.problem", doing.problem.detail, tone="danger"))
    return panel(*parts, title=words("settings.country"))


@ft.component
def AgePanel(me: Me, again: Callable[[], None]) -> ft.Control:
    """Ask for the birth date, once; show the age that is known."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})
    told, ask = ft.use_state("")
    if me.age_source is not None:
        known = texts.muted(words("settings.age_known", age=me.age_level))
        return panel(known, texts.caption(words("settings.age_fixed")), title=words("settings.age"))

    async def tell() -> None:
        day = day_of(form.text("birth_date"))
        if day is None:
            form.tell({"birth_date": words("settings.age_wrong")})
            return
        form.tell({})
        ask(day)

    async def keep() -> None:
        async def work() -> None:
            await Contacts(session.player).tell_birth_date(told)
            session.toast(words("settings.saved"), "success")
            again()

        await doing.run(work)

    placed = show_errors(form, doing, ("birth_date",))
    question: list[ft.Control] = []
    if told:
        question.append(
            Confirm(
                "settings.age.confirm",
                words("settings.age.confirm.title", day=words.day(date.fromisoformat(told))),
                words("settings.age_once"),
                words("settings.age.confirm.verb"),
                keep,
                partial(ask, ""),
                kind="primary",
            )
        )
    return panel(
        texts.muted(words("settings.age_detail")),
        *problem_note("settings.age.problem", doing, placed=placed),
        text_field(
            "settings.birth_date",
            form,
            "birth_date",
            words("settings.birth_date"),
            hint=words("settings.birth_hint"),
            helper=words("settings.age_once"),
            length_max=10,
            keyboard=ft.KeyboardType.DATETIME,
            autofill=ft.AutofillHint.BIRTHDAY,
        ),
        ft.Row([button("settings.age.save", words("action.save"), tell, kind="primary", busy=doing.is_busy)]),
        *question,
        title=words("settings.age"),
    )
