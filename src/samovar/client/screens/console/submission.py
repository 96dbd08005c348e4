"""The next step of a draft: submitting it, taking it back, releasing what was approved."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import flet as ft

from samovar.client.api.console.pages import DraftDiff, Seen
from samovar.client.api.console.releases import Releases, Submission
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import text_field
from samovar.client.components.panels import Tone, divider, note, panel
from samovar.client.hooks import use_doing, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.console.app import app_path
from samovar.client.screens.console.standing import submission_badge
from samovar.client.session import Session
from samovar.client.state.console.moments import read_moment
from samovar.client.theme.tokens import Space

_NOTE_MAX = 1_000
_SENT_BACK = ("changes_requested", "refused", "outdated")


@ft.component
def SubmissionPanel(
    seen: Seen, latest: Submission | None, diff: DraftDiff, changed: Callable[[], None], *, is_ready: bool
) -> ft.Control:
    """Show where the draft stands, and do the next step.

    Args:
        seen: The draft.
        latest: The submission that was made last.
        diff: What publishing would change.
        is_ready: Nothing is missing that a page needs.
        changed: Called after a step.
    """
    session = use_session()
    words = session.words
    state = latest.state if latest else ""
    calls = Releases(session.player, seen.draft.app_id)
    if latest and state in {"submitted", "approved", "releasing"}:
        body = {"submitted": Waiting, "approved": Approved, "releasing": Waiting}[state]
        return panel(
            body(latest, calls, changed),
            title=words("release.title"),
            action=submission_badge(words, state),
        )
    if seen.draft.state == "published" and not diff.draft_version:
        return _in_store(session, seen)
    parts: list[ft.Control] = []
    if latest and state in _SENT_BACK:
        parts.append(_sent_back(session, seen, latest))
    parts.append(Submitting(calls, diff.draft_version, changed, is_ready=is_ready))
    return panel(*parts, title=words("release.title"))


def _sent_back(session: Session, seen: Seen, latest: Submission) -> ft.Control:
    """Return who sent the page back and why, with the way to mend it."""
    words = session.words
    said = [words(f"release.{latest.state}"), latest.reason or latest.failure or ""]
    mend = texts.link(
        "release.mend", words("release.mend"), partial(session.go, app_path(seen.draft.app_id, "page"))
    )
    tone: Tone = "danger" if latest.state == "refused" else "warning"
    return note("release.reason", "\n".join(filter(None, said)), tone=tone, action=mend)


def _in_store(session: Session, seen: Seen) -> ft.Control:
    words = session.words
    slug = str(seen.draft.page.get("slug", ""))
    page = button("release.page", words("release.page"), partial(session.go, f"/game/{slug}"))
    change = button(
        "release.change", words("release.change"), partial(session.go, f"/dev/apps/{seen.draft.app_id}/page")
    )
    return panel(
        note("release.in_store", words("release.in_store"), tone="success"),
        ft.Row([page, change], spacing=Space.S, wrap=True, run_spacing=Space.S),
        title=words("release.title"),
    )


@ft.component
def Submitting(
    calls: Releases, draft_version: int, changed: Callable[[], None], *, is_ready: bool
) -> ft.Control:
    """Submit the draft that was looked at."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})

    async def submit() -> None:
        await calls.submit(note=form.text("note"), draft_version=draft_version)
        session.toast(words("release.submitted"), "success")
        changed()

    placed = show_errors(form, doing, ("note",))
    return _column(
        texts.muted(words("release.submit.detail")),
        *problem_note("release.problem", doing, placed=placed),
        text_field(
            "release.note",
            form,
            "note",
            words("release.note"),
            hint=words("release.note.hint"),
            length_max=_NOTE_MAX,
            lines=3,
        ),
        ft.Row(
            [
                button(
                    "release.submit",
                    words("release.submit"),
                    partial(doing.run, submit),
                    kind="primary",
                    busy=doing.is_busy,
                    disabled=not is_ready,
                )
            ]
        ),
        *([] if is_ready else [texts.caption(words("release.not_ready"))]),
    )


@ft.component
def Waiting(latest: Submission, calls: Releases, changed: Callable[[], None]) -> ft.Control:
    """Show a submission that others have to go on with; it can be taken back."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def withdraw() -> None:
        await calls.withdraw()
        session.toast(words("release.taken_back"), "success")
        changed()

    if latest.state == "releasing":
        at = words.moment(latest.release_at) if latest.release_at else ""
        sentence = words("release.planned_for", moment=at)
    else:
        sentence = words("release.waiting", moment=words.moment(latest.made_at))
    parts: list[ft.Control] = [note("release.waiting", sentence)]
    if latest.failure:
        parts.append(note("release.failure", latest.failure, tone="danger"))
    return _column(
        *parts,
        *problem_note("release.problem", doing, placed=False),
        ft.Row(
            [
                button("release.look", words("release.look"), changed),
                button(
                    "release.take_back",
                    words("release.take_back"),
                    partial(doing.run, withdraw),
                    kind="quiet",
                    busy=doing.is_busy,
                ),
            ],
            spacing=Space.S,
            wrap=True,
        ),
    )


@ft.component
def Approved(latest: Submission, calls: Releases, changed: Callable[[], None]) -> ft.Control:
    """Release what was approved: now, or at a moment."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})

    def release(moment: datetime | None, said: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            await calls.release(moment)
            session.toast(words(said), "success")
            changed()

        return lambda: doing.run(work)

    async def plan() -> None:
        moment = read_moment(form.text("at"))
        if moment is None:
            form.tell({"at": words("release.at.rule")})
        else:
            await release(moment, "release.planned")()

    async def withdraw() -> None:
        await calls.withdraw()
        session.toast(words("release.taken_back"), "success")
        changed()

    placed = show_errors(form, doing, ("at",))
    now = button(
        "release.now",
        words("release.now"),
        release(None, "release.done_now"),
        kind="primary",
        busy=doing.is_busy,
        icon=ft.Icons.ROCKET_LAUNCH_ROUNDED,
    )
    back = button(
        "release.take_back",
        words("release.take_back"),
        partial(doing.run, withdraw),
        kind="quiet",
        busy=doing.is_busy,
    )
    at = text_field(
        "release.at",
        form,
        "at",
        words("release.at.label.text"),
        hint="01.12.2026 12:00",
        helper=words("release.at.rule"),
        length_max=20,
    )
    return _column(
        note("release.approved", latest.reason or words("release.approved"), tone="success"),
        *problem_note("release.problem", doing, placed=placed),
        ft.Row([now, back], spacing=Space.S, wrap=True, run_spacing=Space.S),
        divider(),
        at,
        ft.Row([button("release.plan", words("release.plan"), plan, busy=doing.is_busy)]),
    )


def _column(*parts: ft.Control) -> ft.Control:
    return ft.Column(
        list(parts), spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
