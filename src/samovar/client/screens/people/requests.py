"""Who asks to be a friend, whom one has asked, whom one blocks."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from samovar.client.api.account.friends import Blocked, Blocking, Blocks, Circle, Request, Requests
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import note
from samovar.client.components.people.rows import person_row
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.theme.tokens import Space

_STRETCH = ft.CrossAxisAlignment.STRETCH


@ft.component
def RequestList() -> ft.Control:
    """Show the requests that wait, those to the player first."""
    session = use_session()
    words = session.words
    circle = Circle(session.player)

    async def load() -> tuple[Requests, Requests]:
        return await circle.requests("incoming"), await circle.requests("outgoing")

    found = use_loaded(load)
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("friends.requests.error", found.problem, words, found.again)
        return skeleton_rows(3, height=60)
    incoming, outgoing = found.value
    if not incoming.items and not outgoing.items:
        return empty_state(
            "friends.requests.empty",
            ft.Icons.MARK_EMAIL_READ_OUTLINED,
            words("friends.requests.empty.title"),
            words("friends.requests.empty.detail"),
        )
    parts: list[ft.Control] = []
    for name, page in (("incoming", incoming), ("outgoing", outgoing)):
        if not page.items:
            continue
        parts.append(texts.section_title(words(f"friends.requests.{name}")))
        parts += [ft.Container(_Request(one, name, found.again), key=one.id) for one in page.items]
        if page.next_cursor:
            parts.append(texts.caption(words("friends.requests.more")))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def _Request(request: Request, direction: str, again: Callable[[], None]) -> ft.Control:
    session = use_session()
    window = watch(session.window)
    words = session.words
    doing = use_doing()
    circle = Circle(session.player)

    def work(do: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await do()
            again()

        return partial(doing.run, run)

    if direction == "incoming":
        actions = [
            button(
                f"friends.accept.{request.account.account_id}",
                words("friends.accept"),
                work(partial(circle.answer, request.id, "accept")),
                kind="primary",
                busy=doing.is_busy,
            ),
            button(
                f"friends.decline.{request.account.account_id}",
                words("friends.decline"),
                work(partial(circle.answer, request.id, "decline")),
                kind="quiet",
                busy=doing.is_busy,
            ),
        ]
    else:
        actions = [
            button(
                f"friends.take_back.{request.account.account_id}",
                words("friends.take_back"),
                work(partial(circle.take_back, request.id)),
                kind="quiet",
                busy=doing.is_busy,
            )
        ]
    row = person_row(
        f"friends.request.{request.account.account_id}",
        request.account,
        words("friends.sent", moment=words.moment(request.sent_at)),
        partial(session.go, f"/u/{request.account.account_id}"),
        actions,
        stacked=window.kind == "phone" and direction == "incoming",
    )
    if not doing.problem:
        return row
    problem = note(f"friends.request.problem.{request.id}", doing.problem.detail, tone="danger")
    return ft.Column([row, problem], spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def BlockedList() -> ft.Control:
    """Show whom the player blocks."""
    session = use_session()
    words = session.words
    found = use_loaded(lambda: Blocking(session.player).blocks())
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("friends.blocked.error", found.problem, words, found.again)
        return skeleton_rows(3, height=60)
    page: Blocks = found.value
    if not page.items:
        return empty_state(
            "friends.blocked.empty",
            ft.Icons.BLOCK_ROUNDED,
            words("friends.blocked.empty.title"),
            words("friends.blocked.empty.detail"),
        )
    rows: list[ft.Control] = [
        ft.Container(_Blocked(one, found.again), key=one.account_id) for one in page.items
    ]
    if page.next_cursor:
        rows.append(texts.caption(words("friends.requests.more")))
    return ft.Column(rows, spacing=Space.S, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def _Blocked(blocked: Blocked, again: Callable[[], None]) -> ft.Control:
    session = use_session()
    words = session.words
    doing = use_doing()

    async def unblock() -> None:
        await Blocking(session.player).unblock(blocked.account_id)
        again()

    action = button(
        f"friends.unblock.{blocked.account_id}",
        words("friends.unblock"),
        partial(doing.run, unblock),
        busy=doing.is_busy,
    )
    row = person_row(
        f"friends.blocked.{blocked.account_id}",
        blocked,
        words("friends.blocked_since", day=words.day(blocked.since)),
        partial(session.go, f"/u/{blocked.account_id}"),
        [action],
    )
    if not doing.problem:
        return row
    problem = note(f"friends.blocked.problem.{blocked.account_id}", doing.problem.detail, tone="danger")
    return ft.Column([row, problem], spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH)
