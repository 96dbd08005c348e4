"""The queues of the player's devices: what runs, how far it is, pause, order. The devices obey; this screen asks them to."""

import asyncio
from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.library import Download, Library, Queues
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.computer.progress import graph
from samovar.client.components.computer.queue import LocalQueue, limit_of
from samovar.client.components.panels import badge, card, note
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.library.elsewhere import desktop_link
from samovar.client.session import Session
from samovar.client.state.downloads.speed import Pace, Speeds
from samovar.client.state.library import in_order, moved_before, share_done
from samovar.client.state.names import name_of
from samovar.client.state.purchase.orders import Tone
from samovar.client.theme.tokens import Colours, Space

_WIDTH = 860
_LOOK_AGAIN_S = 2.0
_LOOKS_MAX = 900
_MOVING = frozenset({"running", "queued"})
_TONES: dict[str, Tone] = {
    "running": "info",
    "queued": "info",
    "paused": "warning",
    "failed": "danger",
    "done": "success",
}


@ft.component
def DownloadList() -> ft.Control:
    """Show the queues; progress follows by itself."""
    session = use_session()
    watch(session.window)
    words = session.words
    library = Library(session.player)
    looks, set_looks = ft.use_state(0)
    speeds = ft.use_memo(Speeds, [])

    async def load() -> tuple[list[Download], dict[str, str]]:
        rows = (await Queues(session.player).downloads()).items
        # What this computer fetches it knows better itself.
        own = session.computer.device_id if session.computer else None
        queue = in_order([one for one in rows if one.device_id != own])
        speeds.see(queue)
        names: dict[str, str] = {}
        for game_id in dict.fromkeys(one.game_id for one in queue):
            game = await library.game(game_id)
            names[game_id] = name_of(game.titles, words.language, words("cart.unnamed"))
        return queue, names

    found = use_loaded(load, [looks])
    is_moving = bool(found.value and any(one.state in _MOVING for one in found.value[0]))

    async def follow() -> None:
        if is_moving and looks < _LOOKS_MAX:
            await asyncio.sleep(_LOOK_AGAIN_S)
            set_looks(looks + 1)

    ft.use_effect(follow, [looks, is_moving])
    title: ft.Control = texts.page_title(words("downloads.title"))
    if session.computer:
        title = ft.Column([title, LocalQueue()], spacing=Space.L, tight=True)
    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("downloads.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(3, height=96), width=_WIDTH)
    queue, names = found.value
    if not queue and session.computer:
        return screen(session, title, width=_WIDTH)
    if not queue:
        to = button("downloads.library", words("order.library"), lambda: session.go("/library"))
        nothing = empty_state(
            "downloads.empty",
            ft.Icons.DOWNLOAD_DONE_ROUNDED,
            words("downloads.empty.title"),
            words("downloads.empty.detail"),
            action=to,
        )
        there = desktop_link(session, "downloads.desktop")
        ways = [ft.Row([there], alignment=ft.MainAxisAlignment.CENTER)] if there else []
        return screen(session, title, nothing, *ways)
    rows = _devices(queue, names, speeds, found.again)
    return screen(session, title, ft.Column(rows, spacing=Space.M, tight=True), width=_WIDTH)


def _devices(
    queue: list[Download], names: dict[str, str], speeds: Speeds, again: Callable[[], None]
) -> list[ft.Control]:
    """Return the queue of each device under its name."""
    rows: list[ft.Control] = []
    for device_id in dict.fromkeys(one.device_id for one in queue):
        own = [one for one in queue if one.device_id == device_id]
        rows.append(
            ft.Container(Device(device_id, own[0].limit_bytes_per_s, again), key=f"device.{device_id}")
        )
        rows += [
            ft.Container(
                Row(one, names.get(one.game_id, ""), moved_before(queue, one), speeds.of(one), again),
                key=one.id,
            )
            for one in own
        ]
    return rows


@ft.component
def Device(device_id: str, limit: int | None, again: Callable[[], None]) -> ft.Control:
    """Show a device, and how fast it may fetch."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def ask(bytes_per_s: int | None) -> None:
        await Queues(session.player).limit_device(device_id, bytes_per_s)
        again()

    async def choose(value: str) -> None:
        await doing.run(partial(ask, int(value) or None))

    head = ft.Row(
        [
            ft.Container(texts.section_title(words("downloads.device", device=device_id)), expand=True),
            limit_of(
                f"downloads.limit.{device_id}", session, limit, lambda value: session.later(choose(value))
            ),
        ],
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    if doing.problem is None:
        return head
    said = note(f"downloads.limit.problem.{device_id}", doing.problem.detail, tone="danger")
    return ft.Column([head, said], spacing=Space.S, tight=True)


@ft.component
def Row(
    download: Download, name: str, above: int | None, pace: Pace, again: Callable[[], None]
) -> ft.Control:
    """Show one download, with what its state allows."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def change(wanted: dict[str, object]) -> None:
        await Queues(session.player).change_download(download.id, wanted)
        again()

    async def drop() -> None:
        await Queues(session.player).drop_download(download.id)
        again()

    actions: list[ft.Control] = []
    if download.state in _MOVING:
        actions.append(
            icon_button(
                f"downloads.pause.{download.id}",
                ft.Icons.PAUSE_ROUNDED,
                words("downloads.pause"),
                partial(doing.run, partial(change, {"state": "paused"})),
                disabled=doing.is_busy,
            )
        )
    if download.state in {"paused", "failed"}:
        actions.append(
            icon_button(
                f"downloads.resume.{download.id}",
                ft.Icons.PLAY_ARROW_ROUNDED,
                words("downloads.resume"),
                partial(doing.run, partial(change, {"state": "queued"})),
                disabled=doing.is_busy,
            )
        )
    if above is not None and download.state != "done":
        actions.append(
            icon_button(
                f"downloads.up.{download.id}",
                ft.Icons.ARROW_UPWARD_ROUNDED,
                words("downloads.up"),
                partial(doing.run, partial(change, {"position": above})),
                disabled=doing.is_busy,
            )
        )
    actions.append(
        icon_button(
            f"downloads.drop.{download.id}",
            ft.Icons.CLOSE_ROUNDED,
            words("downloads.drop"),
            partial(doing.run, drop),
            disabled=doing.is_busy,
        )
    )
    parts = [_head(session, download, name, actions), *_pace(session, pace), _bar(session, download)]
    if doing.problem:
        parts.append(note(f"downloads.problem.{download.id}", doing.problem.detail, tone="danger"))
    return card(ft.Column(parts, spacing=Space.S, tight=True))


def _head(session: Session, download: Download, name: str, actions: list[ft.Control]) -> ft.Control:
    words = session.words
    about = ft.Container(texts.strong(name, lines=1), expand=True)
    state = badge(words(f"downloads.state.{download.state}"), tone=_TONES.get(download.state))
    return ft.Row([about, state, *actions], spacing=Space.S)


def _pace(session: Session, pace: Pace) -> list[ft.Control]:
    """Return the speed, in words and as a graph, where devices have reported twice."""
    if pace.left_s is None:
        return []
    words = session.words
    said = words("downloads.speed", speed=words.speed(pace.speed), left=words.left(pace.left_s))
    return [graph(pace.samples, words("downloads.speed_chart")), texts.caption(said)]


def _bar(session: Session, download: Download) -> ft.Control:
    words = session.words
    share = share_done(download)
    done = words(
        "downloads.done_of", done=words.size(download.done_bytes), whole=words.size(download.download_bytes)
    )
    bar = ft.ProgressBar(
        value=share,
        color=Colours.SUCCESS if download.state == "done" else Colours.ACCENT,
        bgcolor=Colours.SURFACE3,
        bar_height=6,
        border_radius=3,
        semantics_label=done,
    )
    failure = words("downloads.failed", code=download.failure) if download.failure else ""
    row = ft.Row(
        [texts.caption(done), texts.caption(failure, color=Colours.DANGER)],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
    )
    return ft.Column([bar, row], spacing=Space.XS, tight=True)
