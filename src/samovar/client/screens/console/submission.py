"""The next step of a draft: submitting it, taking it back, releasing what was approved."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

import flet as ft

from samovar.client.api.console.pages import DraftDiff, Seen
from samovar.client.api.console.releases import Releases, Submission
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import text_field
from samovar.client.components.panels import Tone, divider, note, panel
from samovar.client.hooks import use_doing, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.console.app import app_path
from samovar.client.screens.console.standing import submission_badge
from samovar.client.session import Session
from samovar.client.state.console.moments import read_moment
from samovar.client.state.words import Words
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
        is_planned = latest.release_at is not None and latest.release_at > datetime.now(UTC)
        if state == "approved" or (state == "releasing" and is_planned):
            body = Approved(latest, calls, changed, _what_comes(seen))
        else:
            body = Waiting(latest, calls, changed)
        return panel(body, title=words("release.title"), action=submission_badge(words, state))
    if seen.draft.state == "published" and not diff.draft_version:
        return _in_store(session, seen)
    parts: list[ft.Control] = []
    if latest and state in _SENT_BACK:
        parts.append(_sent_back(session, seen, latest))
    if _what_comes(seen) == "soon":
        parts.append(_mend_page(session, seen, "release.soon"))
    left = session.unsaved.get(seen.draft.app_id)
    if left is not None and left.patch():
        parts.append(_mend_page(session, seen, "release.unsaved", tone="warning"))
    else:
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


def _what_comes(seen: Seen) -> str:
    """Return what a release does: `soon` shows a page that sells nothing yet, `change` changes one, `out` begins to sell."""
    if seen.draft.page.get("release", {}).get("stage", "coming_soon") == "coming_soon":
        return "soon"
    return "change" if seen.draft.state == "published" else "out"


def _mend_page(session: Session, seen: Seen, name: str, *, tone: Tone = "info") -> ft.Control:
    """Say what of the page is not yet as it should be, with the way to it; the sentence bears the name of the note."""
    words = session.words
    to = partial(session.go, app_path(seen.draft.app_id, "page"))
    return note(
        name, words(name), tone=tone, action=texts.link(f"{name}.change", words("release.change"), to)
    )


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

    is_releasing = latest.state == "releasing"
    made = words.moment(latest.made_at)
    sentence = words("release.done_now") if is_releasing else words("release.waiting", moment=made)
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
def Approved(latest: Submission, calls: Releases, changed: Callable[[], None], what_comes: str) -> ft.Control:
    """Release what was approved: now, or at a moment, which can be another one until it comes."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})
    question, set_question = ft.use_state("")

    def release(moment: datetime | None, said: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            await calls.release(moment)
            session.toast(words(said), "success")
            changed()

        return work

    async def plan() -> None:
        moment = read_moment(form.text("at"))
        if moment is None:
            form.tell({"at": words("release.at.rule")})
        elif moment <= datetime.now(UTC):
            form.tell({"at": words("release.at.past")})
        else:
            await doing.run(release(moment, "release.planned"))

    async def withdraw() -> None:
        await calls.withdraw()
        session.toast(words("release.taken_back"), "success")
        changed()

    placed = show_errors(form, doing, ("at",))
    at = text_field(
        "release.at",
        form,
        "at",
        words("release.at.label.text"),
        hint="01.12.2026 12:00",
        helper=words("release.at.rule"),
        length_max=20,
    )
    parts = [_standing(session, latest)]
    if question:
        work = withdraw if question == "take_back" else release(None, "release.done_now")
        parts.append(_sure(session, question, what_comes, work, partial(set_question, "")))
    return _column(
        *parts,
        *problem_note("release.problem", doing, placed=placed),
        _ways(words, set_question),
        divider(),
        at,
        ft.Row([button("release.plan", words("release.plan"), plan, busy=doing.is_busy)]),
    )


def _ways(words: Words, ask: Callable[[str], None]) -> ft.Control:
    now = button(
        "release.now",
        words("release.now"),
        partial(ask, "now"),
        kind="primary",
        icon=ft.Icons.ROCKET_LAUNCH_ROUNDED,
    )
    back = button("release.take_back", words("release.take_back"), partial(ask, "take_back"), kind="quiet")
    return ft.Row([now, back], spacing=Space.S, wrap=True, run_spacing=Space.S)


def _standing(session: Session, latest: Submission) -> ft.Control:
    """Say what the moderator said, or when the release is."""
    words = session.words
    if latest.state == "releasing" and latest.release_at:
        return note("release.waiting", words("release.planned_for", moment=words.moment(latest.release_at)))
    return note("release.approved", latest.reason or words("release.approved"), tone="success")


def _sure(
    session: Session,
    question: str,
    what_comes: str,
    work: Callable[[], Awaitable[None]],
    close: Callable[[], None],
) -> ft.Control:
    """Ask before a release, or before an approval is given up."""
    words = session.words
    is_release = question == "now"
    return Confirm(
        "release.sure",
        words(f"release.{question}.sure.title"),
        words(f"release.{question}.sure.{what_comes if is_release else 'detail'}"),
        words(f"release.{question}"),
        work,
        close,
        kind="primary" if is_release else "danger",
    )


def _column(*parts: ft.Control) -> ft.Control:
    return ft.Column(
        list(parts), spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
