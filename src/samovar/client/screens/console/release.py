"""From a draft to the store: what is missing, submitting, what the moderators say, releasing now or at a moment."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.console.builds import MAIN, AppBuilds
from samovar.client.api.console.organisations import Organisations
from samovar.client.api.console.pages import DraftDiff, Pages, Seen
from samovar.client.api.console.releases import Releases, Submission
from samovar.client.api.console.selling import Offers
from samovar.client.components import texts
from samovar.client.components.console.frame import side_by_side
from samovar.client.components.panels import badge, divider, panel
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_loaded, use_session, watch
from samovar.client.screens.console.app import app_path, app_screen
from samovar.client.screens.console.standing import submission_badge
from samovar.client.screens.console.submission import SubmissionPanel
from samovar.client.session import Session
from samovar.client.state.console.checklist import Item, checklist
from samovar.client.theme.tokens import Colours, Space


@ft.component
def AppRelease() -> ft.Control:
    """Show how far an app is on its way to the store."""
    return app_screen("release", ReleasePart)


@ft.component
def ReleasePart(seen: Seen, again: Callable[[], None]) -> ft.Control:
    """Show the list of what is missing beside the submission."""
    session = use_session()
    watch(session.window)
    words = session.words
    draft = seen.draft

    async def load() -> tuple[list[Item], DraftDiff, list[Submission]]:
        diff = await Pages(session.player).diff(draft.app_id)
        branches = await AppBuilds(session.player, draft.app_id).branches()
        has_build = any(one.name == MAIN for one in branches)
        is_confirmed = False
        if draft.organisation_id:
            organisation = await Organisations(session.player).show(draft.organisation_id)
            is_confirmed = organisation.standing == "confirmed"
        packages = await Offers(session.player, draft.app_id).list()
        submissions = await Releases(session.player, draft.app_id).list()
        items = checklist(
            diff.needed,
            tags=len(draft.page.get("tags", ())),
            has_package=any(one.state == "on_sale" for one in packages),
            has_build=has_build,
            is_confirmed=is_confirmed,
        )
        return items, diff, submissions.items

    found = use_loaded(load, [draft.app_id])
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("release.error", found.problem, words, found.again)
        return skeleton_rows(4)

    def changed() -> None:
        found.again()
        again()

    items, diff, submissions = found.value
    latest = submissions[0] if submissions else None
    left = _list(session, draft.app_id, draft.organisation_id, items)
    is_ready = all(one.is_done for one in items if one.is_needed and one.name != "legal")
    right = SubmissionPanel(seen, latest, diff, changed, is_ready=is_ready)
    parts: list[ft.Control] = [side_by_side(session, left, right)]
    if submissions:
        parts.append(_history(session, submissions))
    return ft.Column(parts, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _list(session: Session, app_id: str, organisation_id: str | None, items: list[Item]) -> ft.Control:
    words = session.words
    done = sum(one.is_done for one in items)
    rows: list[ft.Control] = []
    for item in items:
        to = (
            f"/dev/organisations/{organisation_id}?part=legal"
            if item.name == "legal"
            else app_path(app_id, item.where)
        )
        rows.append(_item(session, item, to))
    count = badge(
        words("release.done", done=done, all=len(items)), tone="success" if done == len(items) else None
    )
    return panel(ft.Column(rows, spacing=Space.M, tight=True), title=words("release.list"), action=count)


def _item(session: Session, item: Item, to: str) -> ft.Control:
    words = session.words
    icon, color = (
        (ft.Icons.CHECK_CIRCLE_ROUNDED, Colours.SUCCESS)
        if item.is_done
        else (ft.Icons.RADIO_BUTTON_UNCHECKED_ROUNDED, Colours.WARNING if item.is_needed else Colours.TEXT3)
    )
    text: list[ft.Control] = [texts.strong(words(f"release.item.{item.name}"))]
    if not item.is_done:
        text.append(texts.caption(words(f"release.item.{item.name}.detail")))
    row: list[ft.Control] = [
        ft.Icon(icon, size=22, color=color),
        ft.Container(ft.Column(text, spacing=2, tight=True), expand=True),
    ]
    if not item.is_done:
        row.append(texts.link(f"release.go.{item.name}", words("release.go"), partial(session.go, to)))
    state = words("release.is_done" if item.is_done else "release.is_missing")
    return ft.Semantics(
        key=f"release.item.{item.name}",
        identifier=f"release.item.{item.name}",
        label=state,
        content=ft.Row(row, spacing=Space.M, vertical_alignment=ft.CrossAxisAlignment.START),
    )


def _history(session: Session, submissions: list[Submission]) -> ft.Control:
    words = session.words
    rows: list[ft.Control] = []
    for one in submissions:
        if rows:
            rows.append(divider())
        text: list[ft.Control] = [texts.body(words.moment(one.made_at))]
        for who, said in (("you", one.note), ("moderator", one.reason), ("failure", one.failure)):
            if said:
                text.append(texts.caption(words(f"release.history.{who}", said=said)))
        rows.append(
            ft.Row(
                [
                    ft.Container(ft.Column(text, spacing=2, tight=True), expand=True),
                    submission_badge(words, one.state),
                ],
                spacing=Space.M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    return panel(*rows, title=words("release.history"))
