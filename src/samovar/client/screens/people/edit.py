"""What one says of oneself: the picture, the names, a few words, pages elsewhere."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.account.profiles import Me, Profiles
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button
from samovar.client.components.fields import check_box, form_column, text_field
from samovar.client.components.panels import note, panel
from samovar.client.components.people.rows import portrait
from samovar.client.components.shell import screen
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.state.people.profile import LINKS_MAX, change_of, values_of
from samovar.client.theme.tokens import Grid, Space
from samovar.client.uploading import PickFailed, pick_pictures, picture_kind

_PICTURE = 96
_PICTURE_BYTES_MAX = 4 * 1_048_576
_FIELDS = ("display_name", "name", "bio", "links")


@ft.component
def EditProfile() -> ft.Control:
    """Show the form, filled in with what is there."""
    session = use_session()
    watch(session.window)
    words = session.words
    found = use_loaded(lambda: Profiles(session.player).me())
    title = texts.page_title(words("profile.edit_title"))
    if found.value is None:
        if found.problem and not found.is_loading:
            failed = error_state("profile.edit.error", found.problem, words, found.again)
            return screen(session, title, failed)
        return screen(session, title, panel(skeleton_lines(5)), width=Grid.READING)
    me = found.value
    return screen(
        session,
        title,
        ft.Container(Picture(me, found.again), key=me.avatar_url),
        About(me),
        width=Grid.READING,
    )


@ft.component
def Picture(me: Me, again: Callable[[], None]) -> ft.Control:
    """Show the picture, and take another one."""
    session = use_session()
    words = session.words
    doing = use_doing()
    wrong, set_wrong = ft.use_state("")

    def show() -> None:
        session.account.picture = me.avatar_url

    ft.use_effect(show, [me.avatar_url])

    async def choose() -> None:
        set_wrong("")
        try:
            async for content in pick_pictures(session, several=False):
                kind = picture_kind(content)
                if kind is None or len(content) > _PICTURE_BYTES_MAX:
                    set_wrong(words("profile.picture_too_large" if kind else "profile.picture_wrong"))
                    return
                await Profiles(session.player).show_picture(content, kind)
                again()
        except PickFailed as failed:
            set_wrong(words(f"profile.picture_{failed.reason}"))

    async def drop() -> None:
        await Profiles(session.player).drop_picture()
        again()

    buttons = _picture_buttons(
        session, partial(doing.run, choose), partial(doing.run, drop), busy=doing.is_busy
    )
    column: list[ft.Control] = [buttons, texts.caption(words("profile.picture_rule"))]
    row = ft.Row(
        [
            portrait(me.avatar_url, me.display_name, size=_PICTURE),
            ft.Column(column, spacing=Space.S, tight=True, expand=True),
        ],
        spacing=Space.L,
    )
    parts: list[ft.Control] = [row]
    sentence = doing.problem.detail if doing.problem else wrong
    if sentence:
        parts.append(note("profile.picture.problem", sentence, tone="danger"))
    return panel(*parts, title=words("profile.picture"))


def _picture_buttons(session: Session, choose: OnClick, drop: OnClick, *, busy: bool) -> ft.Control:
    return ft.Row(
        [
            button(
                "profile.picture.choose",
                session.words("profile.picture_choose"),
                choose,
                icon=ft.Icons.IMAGE_OUTLINED,
                busy=busy,
            ),
            button(
                "profile.picture.drop",
                session.words("profile.picture_drop"),
                drop,
                kind="quiet",
                busy=busy,
            ),
        ],
        spacing=Space.S,
        wrap=True,
        run_spacing=Space.S,
    )


@ft.component
def About(me: Me) -> ft.Control:
    """Ask for names, words and pages."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form(values_of(me))
    count, set_count = ft.use_state(len(me.links))

    async def save() -> None:
        if not form.require(("display_name",), words("form.required")):
            return

        async def work() -> None:
            change = change_of(form, me)
            if change:
                changed = await Profiles(session.player).change(change)
                session.account.display_name = changed.display_name
            session.toast(words("profile.saved"), "success")
            session.go("/profile")

        await doing.run(work)

    placed = show_errors(form, doing, _FIELDS)
    parts: list[ft.Control] = [*problem_note("profile.edit.problem", doing, placed=placed)]
    parts.append(form_column(*_names(session, form), *_links(session, form, count)))
    if count < LINKS_MAX:
        parts.append(
            ft.Row(
                [
                    button(
                        "profile.link.add",
                        words("profile.link_add"),
                        lambda: set_count(count + 1),
                        icon=ft.Icons.ADD_ROUNDED,
                    )
                ]
            )
        )
    parts.append(check_box("profile.country", form, "is_country_shown", words("profile.country_shown")))
    parts.append(
        ft.Row(
            [
                button("profile.save", words("action.save"), save, kind="primary", busy=doing.is_busy),
                button("profile.close", words("action.cancel"), lambda: session.go("/profile"), kind="quiet"),
            ],
            spacing=Space.S,
        )
    )
    return panel(*parts, title=words("profile.about"))


def _names(session: Session, form: Form) -> list[ft.Control]:
    words = session.words
    return [
        text_field(
            "profile.display_name",
            form,
            "display_name",
            words("sign_up.display_name"),
            length_max=64,
            autofill=ft.AutofillHint.NICKNAME,
        ),
        text_field(
            "profile.name",
            form,
            "name",
            words("profile.name"),
            helper=words("profile.name_rule"),
            length_max=24,
        ),
        text_field("profile.bio", form, "bio", words("profile.bio"), length_max=1_000, lines=5),
    ]


def _links(session: Session, form: Form, count: int) -> list[ft.Control]:
    words = session.words
    rows: list[ft.Control] = []
    for at in range(count):
        fields = [
            text_field(
                f"profile.link.{at}.title", form, f"title.{at}", words("profile.link_title"), length_max=40
            ),
            text_field(
                f"profile.link.{at}.url",
                form,
                f"url.{at}",
                words("profile.link_url"),
                hint="https://",
                length_max=300,
                keyboard=ft.KeyboardType.URL,
            ),
        ]
        for field, share in zip(fields, (2, 3), strict=True):
            field.expand = share
        rows.append(ft.Row(fields, spacing=Space.S, vertical_alignment=ft.CrossAxisAlignment.START))
    error = form.errors.get("links")
    if error:
        rows.append(note("profile.links.error", error, tone="danger"))
    return rows
