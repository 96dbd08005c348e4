"""Personal data: having all that the platform holds of one, or having it forgotten."""

import asyncio
from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.account.personal_data import DataRequest, PersonalData
from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button
from samovar.client.components.panels import Tone, note, panel
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.outside import address, open_beside
from samovar.client.screens.settings.frame import settings_screen
from samovar.client.screens.settings.proof import Proof
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

_LOOK_AGAIN_S = 3.0
_LOOKS_MAX = 200
_TONES: dict[str, Tone] = {"waiting": "warning", "done": "success"}


@ft.component
def DataSettings() -> ft.Control:
    """Show both wishes."""
    session = use_session()
    watch(session.window)
    question, ask = ft.use_state("")
    # One question at a time: the keyboard stands in the field of the one that is asked.
    wishes = [
        Wish(
            kind,
            question.removeprefix(f"{kind}.") if question.startswith(kind) else "",
            partial(_ask, ask, kind),
        )
        for kind in ("export", "erasure")
    ]
    return settings_screen(session, "data", *wishes)


def _ask(ask: Callable[[str], None], kind: str, question: str) -> None:
    ask(f"{kind}.{question}" if question else "")


@ft.component
def Wish(kind: str, question: str, ask: Callable[[str], None]) -> ft.Control:
    """Show a wish of a kind and how far it is, and what can be done about it; progress follows by itself.

    Args:
        kind: Of the wish.
        question: What is asked about it now; empty while nothing is.
        ask: Asks something else, or nothing.
    """
    session = use_session()
    words = session.words
    looks, set_looks = ft.use_state(0)
    found = use_loaded(lambda: PersonalData(session.player).last(kind), [looks])
    wish = found.value
    is_running = wish is not None and wish.state == "running"

    async def follow() -> None:
        if is_running and looks < _LOOKS_MAX:
            await asyncio.sleep(_LOOK_AGAIN_S)
            set_looks(looks + 1)

    ft.use_effect(follow, [looks, is_running])
    title = words(f"data.{kind}.title")
    if found.problem and not found.is_loading:
        return panel(error_state(f"data.{kind}.error", found.problem, words, found.again), title=title)
    if wish is None and found.is_loading:
        return panel(skeleton_lines(2), title=title)
    parts: list[ft.Control] = [texts.muted(words(f"data.{kind}.detail"))]
    if wish is not None:
        parts += _progress(session, wish)
    if question:
        parts.append(_proof(session, kind, question, lambda: ask(""), found.again))
    else:
        parts.append(_Actions(kind, wish, ask, found.again))
    return panel(*parts, title=title)


def _progress(session: Session, wish: DataRequest) -> list[ft.Control]:
    words = session.words
    key = f"data.{wish.kind}.{wish.state}"
    if not words.has(key):
        return []
    until = wish.expires_at or wish.begins_at
    sentence = words(key, moment=words.moment(until))
    tone = _TONES.get(wish.state, "info")
    parts: list[ft.Control] = [note(f"data.{wish.kind}.state", sentence, tone=tone)]
    if wish.state == "running" and wish.steps:
        done = sum(one.is_done for one in wish.steps)
        label = words("data.steps", done=done, whole=len(wish.steps))
        bar = ft.ProgressBar(
            value=done / len(wish.steps),
            color=Colours.ACCENT,
            bgcolor=Colours.SURFACE3,
            bar_height=6,
            border_radius=3,
            semantics_label=label,
        )
        parts.append(ft.Column([bar, texts.caption(label)], spacing=Space.XS, tight=True))
    return parts


def _proof(
    session: Session, kind: str, question: str, close: Callable[[], None], again: Callable[[], None]
) -> ft.Control:
    words = session.words
    data = PersonalData(session.player)

    async def ask() -> None:
        await data.ask(kind)
        again()

    async def fetch() -> None:
        url = await data.link()
        await open_beside(address(session, url) if url.startswith("/") else url)

    work = fetch if question == "fetch" else ask
    parts: list[ft.Control] = []
    if question == "ask" and kind == "erasure":
        parts.append(note("data.erasure.warning", words("data.erasure.warning"), tone="danger"))
    look: Kind = "danger" if kind == "erasure" else "primary"
    parts.append(Proof(f"data.{kind}.{question}", words(f"data.{kind}.{question}"), work, close, look))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def _Actions(
    kind: str, wish: DataRequest | None, ask: Callable[[str], None], again: Callable[[], None]
) -> ft.Control:
    session = use_session()
    words = session.words
    doing = use_doing()
    state = wish.state if wish else ""

    async def call_off() -> None:
        await PersonalData(session.player).call_off()
        session.toast(words("data.erasure.called_off"), "success")
        again()

    def open_(question: str, look: Kind) -> ft.Control:
        words_ = words(f"data.{kind}.{question}")
        return button(f"data.{kind}.{question}", words_, partial(ask, question), kind=look)

    buttons: list[ft.Control] = []
    if kind == "export" and state == "done":
        buttons.append(open_("fetch", "primary"))
    if kind == "erasure" and state == "waiting":
        buttons.append(
            button(
                "data.erasure.call_off",
                words("data.erasure.call_off"),
                partial(doing.run, call_off),
                kind="primary",
                busy=doing.is_busy,
            )
        )
    elif state != "running":
        buttons.append(open_("ask", "danger" if kind == "erasure" else "secondary"))
    parts: list[ft.Control] = [ft.Row(buttons, spacing=Space.S, wrap=True, run_spacing=Space.S)]
    if doing.problem:
        parts.append(note(f"data.{kind}.problem", doing.problem.detail, tone="danger"))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
