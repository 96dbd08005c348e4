"""Privacy: who sees what, who may find one, what one agrees to."""

from functools import partial

import flet as ft

from samovar.client.api.account.settings import Consent, Preferences, Privacy
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.wording import Wordings
from samovar.client.components.fields import select
from samovar.client.components.panels import note, panel
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.settings.frame import settings_screen, switch

SECTIONS = ("profile", "library", "friends", "activity")
AUDIENCES = ("everyone", "friends", "nobody")
_SELECT_WIDTH = 280


@ft.component
def PrivacySettings() -> ft.Control:
    """Show who sees what, and the consents."""
    session = use_session()
    watch(session.window)
    words = session.words

    async def load() -> tuple[Privacy, list[Consent]]:
        preferences = Preferences(session.player)
        return await preferences.privacy(), await preferences.consents()

    found = use_loaded(load)
    if found.value is None:
        if found.problem and not found.is_loading:
            failed = error_state("privacy.error", found.problem, words, found.again)
            return settings_screen(session, "privacy", failed)
        return settings_screen(session, "privacy", panel(skeleton_lines(5)))
    privacy, consents = found.value
    return settings_screen(session, "privacy", SightPanel(privacy), ConsentPanel(consents), BlockedPanel())


@ft.component
def SightPanel(first: Privacy) -> ft.Control:
    """Ask who sees what; each choice counts at once."""
    session = use_session()
    words = session.words
    doing = use_doing(each=True)
    privacy, set_privacy = ft.use_state(first)

    def choose(name: str, value: object) -> None:
        async def work() -> None:
            set_privacy(await Preferences(session.player).change_privacy({name: value}))

        async def run() -> None:
            await doing.run(work)

        session.later(run())

    options = [(one, words(f"privacy.audience.{one}")) for one in AUDIENCES]
    parts: list[ft.Control] = [
        select(
            f"privacy.{one}",
            words(f"privacy.section.{one}"),
            options,
            getattr(privacy, one),
            partial(choose, one),
            width=_SELECT_WIDTH,
        )
        for one in SECTIONS
    ]
    parts.append(
        switch(
            "privacy.is_findable",
            words("privacy.findable"),
            words("privacy.findable_detail"),
            privacy.is_findable,
            partial(choose, "is_findable"),
        )
    )
    if doing.problem:
        parts.append(note("privacy.problem", doing.problem.detail, tone="danger"))
    return panel(texts.muted(words("privacy.detail")), *parts, title=words("privacy.title"))


@ft.component
def ConsentPanel(first: list[Consent]) -> ft.Control:
    """Show what one agrees to; what the account stands on ends with it alone."""
    session = use_session()
    words = session.words
    doing = use_doing(each=True)
    consents, set_consents = ft.use_state(tuple(first))

    def decide(consent: Consent, given: bool) -> None:  # noqa: FBT001  As a switch tells it.
        async def work() -> None:
            await Preferences(session.player).decide(consent, given=given)
            set_consents(tuple(await Preferences(session.player).consents()))

        async def run() -> None:
            await doing.run(work)

        session.later(run())

    parts: list[ft.Control] = [
        switch(
            f"privacy.consent.{one.purpose}",
            words(f"privacy.consent.{one.purpose}"),
            words("privacy.consent_required") if one.required else words("privacy.consent_free"),
            one.given,
            partial(decide, one),
            fixed=one.required,
        )
        for one in consents
    ]
    if doing.problem:
        parts.append(note("privacy.consent.problem", doing.problem.detail, tone="danger"))
    parts.append(Wordings("privacy.read", [one.purpose for one in consents]))
    return panel(*parts, title=words("privacy.consents"))


@ft.component
def BlockedPanel() -> ft.Control:
    """Lead to whom one blocks."""
    session = use_session()
    words = session.words
    to = button("privacy.blocked", words("privacy.blocked_open"), lambda: session.go("/friends?tab=blocked"))
    return panel(texts.muted(words("privacy.blocked_detail")), title=words("friends.tab.blocked"), action=to)
