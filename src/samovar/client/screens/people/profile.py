"""A person's page: what they show, and what can be done about them."""

from functools import partial

import flet as ft

from samovar.client.api.account.profiles import Profile
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.identify import identified
from samovar.client.components.panels import Tone, badge, note, panel
from samovar.client.components.people.rows import handle, portrait
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton, skeleton_lines
from samovar.client.hooks import use_loaded, use_session, use_title, watch
from samovar.client.outside import open_beside
from samovar.client.screens.people.persons import Person, person_of
from samovar.client.screens.people.standing import StandingActions
from samovar.client.session import Session
from samovar.client.theme.tokens import Space

_WIDTH = 860
_PICTURE = 96
_TONES: dict[str, Tone] = {"friend": "success", "blocked": "warning"}
_NOT_FOUND = frozenset({"account.not_found", "client.refused"})


@ft.component
def ProfileScreen() -> ft.Control:
    """Show the person of the address."""
    return Shown(ft.use_route_params().get("who", ""))


@ft.component
def OwnProfile() -> ft.Control:
    """Show the player as others see them."""
    return Shown(watch(use_session().account).account_id)


@ft.component
def Shown(who: str) -> ft.Control:
    """Show a person."""
    session = use_session()
    watch(session.window)
    words = session.words
    me = watch(session.account).account_id
    found = use_loaded(lambda: person_of(session.player, me, who or me), [who, me])
    use_title(found.value.profile.display_name if found.value else "")
    if found.problem and not found.is_loading:
        if found.problem.code in _NOT_FOUND:
            nobody = empty_state(
                "profile.nobody",
                ft.Icons.PERSON_OFF_OUTLINED,
                words("profile.nobody.title"),
                words("profile.nobody.detail"),
                action=button("profile.friends", words("friends.title"), lambda: session.go("/friends")),
            )
            return screen(session, nobody)
        return screen(session, error_state("profile.error", found.problem, words, found.again))
    if found.value is None:
        head = ft.Row(
            [skeleton(width=_PICTURE, height=_PICTURE, radius=_PICTURE // 2), skeleton(width=220, height=28)],
            spacing=Space.L,
        )
        return screen(session, panel(head), panel(skeleton_lines(3)), width=_WIDTH)
    person = found.value
    parts = [_head(session, person, StandingActions(person, found.again))]
    parts += _about(session, person.profile, standing=person.standing)
    return screen(session, *parts, width=_WIDTH)


def _head(session: Session, person: Person, actions: ft.Control) -> ft.Control:
    words, profile = session.words, person.profile
    nickname = person.friend.nickname if person.friend else None
    lines: list[ft.Control] = [texts.page_title(nickname or profile.display_name)]
    second = " · ".join(one for one in (profile.display_name if nickname else "", handle(profile)) if one)
    if second:
        lines.append(texts.muted(second, lines=1))
    facts = []
    if profile.country:
        key = f"country.{profile.country}"
        facts.append(words(key) if words.has(key) else profile.country)
    if profile.registered_at is not None:
        facts.append(words("profile.since", day=words.day(profile.registered_at)))
    if facts:
        lines.append(texts.caption(" · ".join(facts)))
    tone = _TONES.get(person.standing)
    if tone is not None:
        lines.append(ft.Row([badge(words(f"profile.standing.{person.standing}"), tone=tone)]))
    who = ft.Column(lines, spacing=Space.XS, tight=True, expand=True)
    top = ft.Row(
        [portrait(profile.avatar_url, profile.display_name, size=_PICTURE), who],
        spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return panel(top, actions)


def _about(session: Session, profile: Profile, *, standing: str) -> list[ft.Control]:
    words = session.words
    parts: list[ft.Control] = []
    if "profile" in profile.hidden:
        parts.append(note("profile.hidden", words("profile.hidden")))
    if profile.bio:
        told = identified("profile.bio", texts.body(profile.bio))
        parts.append(panel(told, title=words("profile.bio")))
    elif standing == "self":
        parts.append(panel(texts.muted(words("profile.bio_none")), title=words("profile.bio")))
    if profile.links:
        rows: list[ft.Control] = [
            ft.Row(
                [
                    texts.link(f"profile.link.{at}", one.title, partial(_leave, session, one.url)),
                    ft.Container(texts.caption(one.url, lines=1), expand=True),
                ],
                spacing=Space.S,
            )
            for at, one in enumerate(profile.links)
        ]
        parts.append(panel(ft.Column(rows, spacing=Space.XS, tight=True), title=words("profile.links")))
    return parts


def _leave(session: Session, url: str) -> None:
    session.later(open_beside(url))
