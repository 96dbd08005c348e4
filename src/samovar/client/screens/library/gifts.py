"""Gifts: those that wait to be accepted, and what became of the others."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import flet as ft

from samovar.client.api.account.profiles import Profiles
from samovar.client.api.catalog import Catalog, Game
from samovar.client.api.store.gifts import Gift, Gifts
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.games import capsule
from samovar.client.components.panels import card, note
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.state.problems import sentence_of
from samovar.client.theme.tokens import Grid, Radius, Space
from samovar.sdk.errors import SdkError

_ART_WIDTH = 120
_STRETCH = ft.CrossAxisAlignment.STRETCH


class Boxes(NamedTuple):
    """What is shown: gifts to the player and from them, names of people and games that they are about."""

    received: list[Gift]
    sent: list[Gift]
    people: Mapping[str, str]
    games: Mapping[str, Game]


@ft.component
def GiftList() -> ft.Control:
    """Show the gifts of the player."""
    session = use_session()
    watch(session.window)
    words = session.words

    async def load() -> Boxes:
        gifts = Gifts(session.player)
        received, sent = await asyncio.gather(gifts.received(), gifts.sent())
        people = {one.sender_id for one in received} | {one.recipient_id for one in sent}
        names, games = await asyncio.gather(
            _names_of(session, people),
            Catalog(session.player).games(
                sorted({one.app_ids[0] for one in (*received, *sent) if one.app_ids})
            ),
        )
        return Boxes(received, sent, names, games)

    found = use_loaded(load)
    title = texts.page_title(words("gifts.title"))
    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("gifts.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(3, height=96), width=Grid.READING)
    boxes = found.value
    if not boxes.received and not boxes.sent:
        nothing = empty_state(
            "gifts.empty",
            ft.Icons.CARD_GIFTCARD_ROUNDED,
            words("gifts.empty.title"),
            words("gifts.empty.detail"),
        )
        return screen(session, title, nothing)
    parts: list[ft.Control] = []
    for box, gifts in (("received", boxes.received), ("sent", boxes.sent)):
        if gifts:
            parts.append(_box(session, box, gifts, boxes, found.again))
    return screen(session, title, *parts, width=Grid.READING)


async def _names_of(session: Session, people: set[str]) -> dict[str, str]:
    """Return how people are called; of those who hide nothing is known."""

    async def name(account_id: str) -> tuple[str, str]:
        with contextlib.suppress(SdkError):
            return account_id, (await Profiles(session.player).profile(account_id)).display_name
        return account_id, ""

    return dict(await asyncio.gather(*(name(one) for one in sorted(people))))


def _box(
    session: Session, box: str, gifts: Sequence[Gift], boxes: Boxes, again: Callable[[], None]
) -> ft.Control:
    rows: list[ft.Control] = [
        ft.Container(GiftRow(one, box, boxes, again), key=f"{box}.{one.id}.{one.state}") for one in gifts
    ]
    return ft.Column(
        [texts.section_title(session.words(f"gifts.{box}")), *rows],
        spacing=Space.M,
        tight=True,
        horizontal_alignment=_STRETCH,
    )


@ft.component
def GiftRow(gift: Gift, box: str, boxes: Boxes, again: Callable[[], None]) -> ft.Control:
    """Show a gift, and take the player's answer to one that waits."""
    session = use_session()
    words = session.words
    doing = use_doing()
    name = name_of(gift.names, words.language, words("cart.unnamed"))
    game = boxes.games.get(gift.app_ids[0]) if gift.app_ids else None
    who = boxes.people.get(gift.sender_id if box == "received" else gift.recipient_id) or words(
        "gifts.nobody"
    )

    async def answer(said: str) -> None:
        await Gifts(session.player).answer(gift.id, said)
        session.toast(words(f"gifts.{said}.done"), "success")
        again()

    state = gift.reason if gift.state == "returned" and gift.reason else gift.state
    about: list[ft.Control] = [
        texts.strong(name, lines=2),
        texts.muted(words(f"gifts.{box}.who", name=who)),
        texts.caption(words(f"gifts.state.{state}", day=words.day(gift.expires_at))),
    ]
    if gift.message:
        about.insert(2, texts.body(gift.message))
    if doing.problem:
        about.append(note(f"gifts.{gift.id}.problem", sentence_of(doing.problem), tone="danger"))
    if box == "received" and gift.state == "sent":
        accept, decline = (
            button(
                f"gifts.{said}.{gift.id}",
                words(f"gifts.{said}.verb"),
                partial(doing.run, partial(answer, said)),
                kind="primary" if said == "accept" else "quiet",
                busy=doing.is_busy,
            )
            for said in ("accept", "decline")
        )
        about.append(ft.Row([accept, decline], spacing=Space.S, wrap=True, run_spacing=Space.S))
    art = ft.Container(
        capsule(game.capsule_url if game else None, name),
        width=_ART_WIDTH,
        border_radius=Radius.BADGE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    row = ft.Row(
        [art, ft.Container(ft.Column(about, spacing=Space.XS, tight=True), expand=True)],
        spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return card(row)
