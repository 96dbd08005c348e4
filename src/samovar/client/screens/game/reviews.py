"""What players think of a game: their reviews, sorted and narrowed, with votes."""

from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.calls import new_key
from samovar.client.api.game_pages import GamePage
from samovar.client.api.store.reviews import SORTS, VOTES, ReviewBook, ReviewItem, ReviewItems, Vote
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.panels import chip, note
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.components.store.reviews import review_card
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.screens.game.own_review import OwnReviewPanel
from samovar.client.session import Session, sign_in_for
from samovar.client.theme.tokens import Space

_OPINIONS: dict[str, bool | None] = {"all": None, "yes": True, "no": False}
_ICONS = {
    "helpful": (ft.Icons.THUMB_UP_OUTLINED, ft.Icons.THUMB_UP_ROUNDED),
    "unhelpful": (ft.Icons.THUMB_DOWN_OUTLINED, ft.Icons.THUMB_DOWN_ROUNDED),
    "funny": (ft.Icons.SENTIMENT_SATISFIED_OUTLINED, ft.Icons.SENTIMENT_SATISFIED_ROUNDED),
}
_STRETCH = ft.CrossAxisAlignment.STRETCH


@ft.component
def Reviews(game: GamePage) -> ft.Control:
    """Show the reviews, and the player's own above them."""
    session = use_session()
    words = session.words
    sort, set_sort = ft.use_state("helpful")
    opinion, set_opinion = ft.use_state("all")
    calls = session.player if session.account.is_player else session.stranger
    book = ReviewBook(calls, game.slug)
    found = use_loaded(
        lambda: book.reviews(sort=sort, recommended=_OPINIONS[opinion]), [game.slug, sort, opinion]
    )
    chips = [
        chip(
            f"reviews.sort.{one}", words(f"reviews.sort.{one}"), partial(set_sort, one), selected=one == sort
        )
        for one in SORTS
    ]
    chips += [
        chip(
            f"reviews.opinion.{one}",
            words(f"reviews.opinion.{one}"),
            partial(set_opinion, one),
            selected=one == opinion,
        )
        for one in _OPINIONS
    ]
    parts: list[ft.Control] = [texts.section_title(words("game.reviews.title"))]
    if session.account.is_player:
        parts.append(OwnReviewPanel(game, found.again))
    parts.append(ft.Row(list(chips), wrap=True, spacing=Space.S, run_spacing=Space.S))
    if found.problem and not found.is_loading:
        parts.append(error_state("reviews.error", found.problem, words, found.again))
    elif found.value is None:
        parts.append(skeleton_rows(2, height=120))
    elif not found.value.items:
        key = "game.reviews.none" if opinion == "all" else "reviews.none_such"
        parts.append(texts.muted(words(key)))
    else:
        key = f"{sort}.{opinion}.{found.value.items[0].id}.{len(found.value.items)}"
        parts.append(ft.Container(Listed(game, found.value, sort, _OPINIONS[opinion]), key=key))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def Listed(game: GamePage, first: ReviewItems, sort: str, recommended: bool | None) -> ft.Control:  # noqa: FBT001
    """Show a list, and more of it."""
    session = use_session()
    more, set_more = ft.use_state(cast("tuple[ReviewItem, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()
    calls = session.player if session.account.is_player else session.stranger
    book = ReviewBook(calls, game.slug)

    async def load() -> None:
        page = await book.reviews(sort=sort, recommended=recommended, cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    rows: list[ft.Control] = [ft.Container(OneReview(game, one), key=one.id) for one in (*first.items, *more)]
    if doing.problem:
        rows.append(note("reviews.more.problem", doing.problem.detail, tone="danger"))
    if cursor:
        further = button(
            "reviews.more", session.words("search.more"), partial(doing.run, load), busy=doing.is_busy
        )
        rows.append(ft.Row([further], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(rows, spacing=Space.M, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def OneReview(game: GamePage, review: ReviewItem) -> ft.Control:
    """Show a review with its votes; one's own cannot be voted on."""
    session = use_session()
    words = session.words
    doing = use_doing()
    mine, set_mine = ft.use_state(cast("Vote | None", None))
    counts, set_counts = ft.use_state(
        {"helpful": review.helpful, "unhelpful": review.unhelpful, "funny": review.funny}
    )
    book = ReviewBook(session.player, game.slug)

    async def vote(value: Vote) -> None:
        if not session.account.is_player:
            session.go(sign_in_for(f"/game/{game.slug}"))
            return
        if value == mine:
            await book.take_vote_back(review.id)
            set_mine(None)
            set_counts({**counts, value: max(0, counts[value] - 1)})
            return
        said = await book.vote(review.id, value, key=new_key())
        set_mine(value)
        set_counts({"helpful": said.helpful, "unhelpful": said.unhelpful, "funny": said.funny})

    buttons: list[ft.Control] = []
    for value in VOTES:
        off, on = _ICONS[value]
        press = partial(doing.run, partial(vote, value))
        buttons.append(
            icon_button(
                f"reviews.{review.id}.{value}",
                on if mine == value else off,
                words(f"reviews.vote.{value}"),
                press,
                selected=mine == value,
                disabled=doing.is_busy,
            )
        )
        buttons.append(texts.caption(words.number(counts[value])))
    below: list[ft.Control] = [*_answer(session, review)]
    below.append(ft.Row(buttons, spacing=Space.XS))
    if doing.problem:
        below.append(note(f"reviews.{review.id}.problem", doing.problem.detail, tone="danger"))
    return review_card(session, review, below=below)


def _answer(session: Session, review: ReviewItem) -> list[ft.Control]:
    if review.answer is None:
        return []
    words = session.words
    head = words("reviews.answer", day=words.day(review.answer.answered_at))
    box = ft.Container(
        ft.Column([texts.caption(head), texts.muted(review.answer.text)], spacing=Space.XS, tight=True),
        padding=ft.Padding.only(left=Space.L),
    )
    return [box]
