"""What the page of a game says besides its price: text, requirements, languages."""

import flet as ft

from samovar.client.api.game_pages import GamePage, Requirements
from samovar.client.components import texts
from samovar.client.components.facts import named
from samovar.client.components.panels import panel
from samovar.client.components.store.marks import PLATFORMS
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Space

# Memory is sold in powers of two and called by round numbers: 8192 MiB are «8 ГБ».
_BYTES_TOLD_PER_MIB = 10**9 / 1024


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
        (
            words("game.needs.memory"),
            words.size(round(needs.memory_mib * _BYTES_TOLD_PER_MIB)) if needs.memory_mib else None,
        ),
        (
            words("game.needs.storage"),
            words.size(round(needs.storage_mib * _BYTES_TOLD_PER_MIB)) if needs.storage_mib else None,
        ),
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
