"""What the page of a game says besides its price: text, requirements, languages, reviews."""

import flet as ft

from samovar.client.api.game_pages import GamePage, Requirements, Review, WholePage
from samovar.client.components import texts
from samovar.client.components.facts import named
from samovar.client.components.panels import avatar, badge, card, panel
from samovar.client.components.store.marks import PLATFORMS
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

_MIB = 1_048_576
_MINUTES = 60
_REVIEWS_MAX = 5


def description(session: Session, game: GamePage) -> ft.Control:
    """Return what the game is, in the words of its makers."""
    return panel(texts.body(game.description), title=session.words("game.about"))


def requirements(session: Session, game: GamePage) -> list[ft.Control]:
    """Return what a machine must have: each platform, the least beside what is advised."""
    if not game.requirements:
        return []
    words = session.words
    rows: list[ft.Control] = []
    for platform in dict.fromkeys(one.platform for one in game.requirements):
        levels = [one for one in game.requirements if one.platform == platform]
        head = ft.Row(
            [
                ft.Icon(PLATFORMS.get(platform, ft.Icons.COMPUTER_ROUNDED), size=18, color=Colours.TEXT2),
                texts.strong(words(f"game.platform.{platform}")),
            ],
            spacing=Space.S,
        )
        columns = [ft.Container(_level(session, one), expand=True) for one in levels]
        sides: ft.Control = (
            ft.Column(list(columns), spacing=Space.L, tight=True)
            if session.window.kind == "phone"
            else ft.Row(list(columns), spacing=Space.XL, vertical_alignment=ft.CrossAxisAlignment.START)
        )
        if session.window.kind == "phone":
            sides = ft.Column([_level(session, one) for one in levels], spacing=Space.L, tight=True)
        rows.append(ft.Column([head, sides], spacing=Space.M, tight=True))
    return [panel(*rows, title=words("game.requirements"))]


def _level(session: Session, needs: Requirements) -> ft.Control:
    words = session.words
    facts = [
        (words("game.needs.os"), needs.os),
        (words("game.needs.cpu"), needs.cpu),
        (words("game.needs.gpu"), needs.gpu),
        (words("game.needs.memory"), words.size(needs.memory_mib * _MIB) if needs.memory_mib else None),
        (words("game.needs.storage"), words.size(needs.storage_mib * _MIB) if needs.storage_mib else None),
        (words("game.needs.note"), needs.note),
    ]
    return ft.Column(
        [
            texts.caption(words(f"game.needs.{needs.level}")),
            *(named(name, value) for name, value in facts if value),
        ],
        spacing=Space.S,
        tight=True,
    )


def languages(session: Session, game: GamePage) -> list[ft.Control]:
    """Return which languages the game speaks, and how far."""
    if not game.languages:
        return []
    words = session.words
    rows = []
    for one in game.languages:
        key = f"game.language.{one.code}"
        name = words(key) if words.has(key) else one.code
        parts = [
            words(f"game.speaks.{part}")
            for part, spoken in (
                ("interface", one.interface),
                ("voice", one.voice),
                ("subtitles", one.subtitles),
            )
            if spoken
        ]
        rows.append(named(name, ", ".join(parts)))
    return [panel(ft.Column(list(rows), spacing=Space.S, tight=True), title=words("game.languages"))]


def reviews(session: Session, page: WholePage) -> list[ft.Control]:
    """Return the most helpful reviews."""
    words = session.words
    if page.reviews is None:
        return []
    if not page.reviews.items:
        return [panel(texts.muted(words("game.reviews.none")), title=words("game.reviews.title"))]
    cards = [_review(session, one) for one in page.reviews.items[:_REVIEWS_MAX]]
    return [
        ft.Column(
            [texts.section_title(words("game.reviews.title")), *cards],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    ]


def _review(session: Session, review: Review) -> ft.Control:
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
    if review.helpful:
        parts.append(texts.caption(words("game.reviews.helpful", count=review.helpful)))
    return card(ft.Column(parts, spacing=Space.M, tight=True))
