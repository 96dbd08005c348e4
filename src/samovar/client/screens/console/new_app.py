"""A new app: what never changes, and the least that a page needs."""

import re
from functools import partial
from typing import Any

import flet as ft

from samovar.client.api.console.pages import Pages
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import form_column, select, text_field
from samovar.client.components.panels import panel
from samovar.client.hooks import use_doing, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.session import Session, holds_keyboard
from samovar.client.state.console.slugs import slug_of
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Space

_NEEDED = ("title", "slug", "short_description")
_FIELDS = (*_NEEDED, "base")
_KINDS = ("game", "demo", "dlc", "soundtrack", "tool")
_BELONGING = ("demo", "dlc", "soundtrack")
_AGES = ("0", "6", "12", "16", "18")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@ft.component
def NewAppPanel(organisation_id: str) -> ft.Control:
    """Make a draft."""
    session = use_session()
    words = session.words
    form = use_form({"kind": _KINDS[0], "age": "12"})
    doing = use_doing()
    at = f"/dev/organisations/{organisation_id}"

    async def work() -> None:
        made = await Pages(session.player).create({"organisation_id": organisation_id, **_app(form)})
        session.toast(words("app.new.done"), "success")
        session.go(f"/dev/apps/{made.app_id}")

    async def create() -> None:
        title = form.text("title")
        if title and not form.text("slug"):
            form.values["slug"] = slug_of(title)
        # Without a title there is nothing yet to make an address of.
        needed = [
            *(one for one in _NEEDED if title or one != "slug"),
            *(["base"] if form.values["kind"] in _BELONGING else []),
        ]
        if not form.require(needed, words("form.required")):
            return
        if not _SLUG.fullmatch(form.text("slug")):
            form.tell({"slug": words("app.new.slug.rule")})
            return
        await doing.run(work)

    placed = show_errors(form, doing, _FIELDS)
    save = button("app.new.submit", words("app.new.submit"), create, kind="primary", busy=doing.is_busy)
    back = button("app.new.cancel", words("action.cancel"), lambda: session.go(at), kind="quiet")
    return panel(
        *problem_note("app.new.problem", doing, placed=placed),
        _fields(session, form),
        ft.Row([save, back], spacing=Space.S, wrap=True),
        texts.caption(words("app.new.rule")),
        title=words("app.new.heading"),
    )


def _app(form: Form) -> dict[str, Any]:
    app: dict[str, Any] = {name: form.text(name) for name in ("kind", *_NEEDED)}
    app["age"] = {"rating": int(form.values["age"])}
    return app | ({"base": form.text("base")} if app["kind"] in _BELONGING else {})


def _fields(session: Session, form: Form) -> ft.Control:
    words = session.words

    def choose(field: str, chosen: str) -> None:
        form.write(field, chosen)
        form.changed()

    kind = select(
        "app.new.kind",
        words("app.new.kind"),
        [(one, words(f"console.kind.{one}")) for one in _KINDS],
        form.values["kind"],
        partial(choose, "kind"),
        width=220,
    )
    age = select(
        "app.new.age",
        words("app.new.age"),
        [(one, f"{one}+") for one in _AGES],
        form.values["age"],
        partial(choose, "age"),
        width=140,
    )
    lengths = {"title": 200, "slug": 96, "short_description": 300, "base": 96}
    helpers = {
        "slug": "app.new.slug.rule",
        "short_description": "app.new.short.rule",
        "base": "app.new.base.rule",
    }
    shown = [*(["base"] if form.values["kind"] in _BELONGING else []), *_NEEDED]
    fields = [
        text_field(
            f"app.new.{field}",
            form,
            field,
            words(f"app.new.{field}"),
            helper=words(helpers[field]) if field in helpers else None,
            hint="chainik-na-krayu-sveta" if field == "slug" else None,
            length_max=lengths[field],
            autofocus=field == "title" and holds_keyboard(session),
            lines=3 if field == "short_description" else 1,
        )
        for field in shown
    ]
    return form_column(ft.Row([kind, age], spacing=Space.L, wrap=True, run_spacing=Space.L), *fields)
