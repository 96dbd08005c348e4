"""A review: who wrote it, what they think, how long they had played."""

from collections.abc import Sequence

import flet as ft

from samovar.client.api.game_pages import Review
from samovar.client.components import texts
from samovar.client.components.panels import avatar, badge, card
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

_MINUTES = 60


def review_card(session: Session, review: Review, *, below: Sequence[ft.Control] = ()) -> ft.Control:
    """Return a review; `below` stands under its text."""
    words = session.words
    name = review.author.display_name or words("game.reviews.nobody")
    good = review.recommended
    verdict = ft.Row(
        [
            ft.Icon(
                ft.Icons.THUMB_UP_ROUNDED if good else ft.Icons.THUMB_DOWN_ROUNDED,
                size=18,
                color=Colours.SUCCESS if good else Colours.DANGER,
            ),
            texts.strong(words("game.reviews.yes" if good else "game.reviews.no")),
        ],
        spacing=6,
        tight=True,
    )
    marks: list[ft.Control] = []
    if review.received_free:
        marks.append(badge(words("game.reviews.free")))
    if review.refunded:
        marks.append(badge(words("game.reviews.refunded")))
    about = [words.day(review.created_at)]
    if review.play_minutes is not None:
        hours = words.number(review.play_minutes / _MINUTES, digits=1)
        about.insert(0, words("game.reviews.played", hours=hours))
    head = ft.Row(
        [
            avatar(name),
            ft.Column(
                [texts.strong(name, lines=1), texts.caption(" · ".join(about), lines=1)],
                spacing=0,
                tight=True,
                expand=True,
            ),
            verdict,
        ],
        spacing=Space.M,
    )
    parts: list[ft.Control] = [head, texts.body(review.text, color=Colours.TEXT2)]
    if marks:
        parts.append(ft.Row(marks, spacing=Space.S))
    parts += below
    return card(ft.Column(parts, spacing=Space.M, tight=True))
