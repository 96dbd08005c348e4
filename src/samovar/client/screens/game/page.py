"""The page of a game: what it is, what it costs and cost, what it needs, what others think of it."""

import contextlib
from datetime import UTC, datetime
from functools import partial

import flet as ft

from samovar.client.api.game_pages import GamePage, WholePage, game_page
from samovar.client.api.store.news import Told
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.facts import named
from samovar.client.components.panels import chip, note, panel
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton, skeleton_lines
from samovar.client.components.store.gallery import Gallery, pictures_of
from samovar.client.components.store.grid import columns_of, game_grid, shelf
from samovar.client.components.store.history import PriceLine
from samovar.client.components.store.marks import age_mark, platform_marks, rating_line
from samovar.client.hooks import use_loaded, use_session, use_title, watch
from samovar.client.screens.game.about import description, languages, requirements
from samovar.client.screens.game.buying import Buying
from samovar.client.screens.game.news import News
from samovar.client.screens.game.reviews import Reviews
from samovar.client.session import Session, sign_in_for
from samovar.client.state.store.source import source_of
from samovar.client.theme.tokens import Colours, Radius, Space
from samovar.sdk.errors import SdkError

_SIDE_WIDTH = 348
_TAGS_MAX = 10
_AGE_RESTRICTED = "catalog.age_restricted"
_NOT_FOUND = "catalog.app_not_found"


@ft.component
def Game() -> ft.Control:
    """Show the game of the address."""
    session = use_session()
    watch(session.window)
    account = watch(session.account)
    slug = ft.use_route_params().get("slug", "")
    calls = session.player if account.is_player else session.stranger
    found = use_loaded(lambda: game_page(calls, slug), [slug, account.standing])
    words = session.words

    def seen() -> None:
        if found.value is not None:
            session.later(session.looked_at.see(found.value.game))
            session.later(_tell(session, found.value.game.slug))

    ft.use_effect(seen, [found.value.game.id if found.value else ""])
    use_title(found.value.game.title if found.value and found.value.game.slug == slug else "")
    if found.problem and not found.is_loading:
        if found.problem.code == _AGE_RESTRICTED:
            return screen(session, _age_gate(session, slug, found.problem.detail))
        if found.problem.code == _NOT_FOUND:
            return screen(session, _not_found(session))
        return screen(session, error_state("game.error", found.problem, words, found.again))
    if found.value is None or found.value.game.slug != slug:
        return screen(session, *_skeleton(session))
    return _shown(session, found.value)


async def _tell(session: Session, slug: str) -> None:
    """Tell the store that the page was opened, and from where; nobody misses what cannot be told."""
    source = source_of(session.left)
    session.left = None
    calls = session.player if session.account.is_player else session.stranger
    with contextlib.suppress(SdkError):
        await Told(calls, slug).seen(source)


def _shown(session: Session, page: WholePage) -> ft.Control:
    game = page.game
    side = _side(session, page)
    main = _main(session, page)
    head = _head(session, game)
    foot = _foot(session, page)
    if session.window.kind == "desktop":
        body: ft.Control = ft.Row(
            [
                ft.Container(ft.Column(main, spacing=Space.XL, tight=True), expand=True),
                ft.Container(ft.Column(side, spacing=Space.L, tight=True), width=_SIDE_WIDTH),
            ],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        return screen(session, head, body, *foot)
    return screen(session, head, main[0], *side, *main[1:], *foot)


def _head(session: Session, game: GamePage) -> ft.Control:
    words = session.words
    makers = ", ".join(dict.fromkeys(one.name for one in (*game.developers, *game.publishers)))
    line = ft.Row(
        [
            age_mark(game.age_rating),
            platform_marks(game.platforms),
            rating_line(words, score=game.review_score, label=game.review_label, count=game.review_count),
            texts.caption(makers, lines=1),
        ],
        spacing=Space.M,
        run_spacing=Space.S,
        wrap=True,
    )
    parts: list[ft.Control] = [texts.page_title(game.title), line]
    if game.is_withdrawn:
        parts.append(note("game.withdrawn", words("game.withdrawn"), tone="warning"))
    return ft.Column(parts, spacing=Space.S, tight=True)


def _main(session: Session, page: WholePage) -> list[ft.Control]:
    game = page.game
    pictures = pictures_of(game.media)
    parts: list[ft.Control] = [ft.Container(Gallery(pictures), key=game.id)] if pictures else [ft.Container()]
    parts.append(description(session, game))
    parts += requirements(session, game)
    parts += languages(session, game)
    parts.append(ft.Container(News(game.slug), key=f"news.{game.id}"))
    parts.append(ft.Container(Reviews(game), key=f"reviews.{game.id}"))
    return parts


def _side(session: Session, page: WholePage) -> list[ft.Control]:
    game = page.game
    words = session.words
    parts: list[ft.Control] = [
        texts.body(game.short_description, color=Colours.TEXT2),
        Buying(game),
    ]
    if page.missing:
        parts.append(note("game.partial", words("game.partial"), tone="warning"))
    if page.price_history and page.price_history.steps:
        line = PriceLine(page.price_history, datetime.now(UTC))
        parts.append(panel(line, title=words("game.price.title")))
    parts.append(_facts(session, game))
    if game.tags:
        chips = [
            chip(f"game.tag.{one.slug}", one.name, partial(session.go, f"/search?tag={one.slug}"))
            for one in game.tags[:_TAGS_MAX]
        ]
        parts.append(ft.Row(list(chips), wrap=True, spacing=Space.S, run_spacing=Space.S))
    return parts


def _facts(session: Session, game: GamePage) -> ft.Control:
    words = session.words
    rows = [
        (words("game.facts.release"), _release(session, game)),
        (words("game.facts.developer"), ", ".join(one.name for one in game.developers)),
        (words("game.facts.publisher"), ", ".join(one.name for one in game.publishers)),
        (words("game.facts.genre"), ", ".join(one.name for one in game.genres)),
        (words("game.facts.mode"), ", ".join(one.name for one in game.categories)),
        (words("game.facts.features"), ", ".join(one.name for one in game.features)),
        (words("game.facts.age"), _age(session, game)),
        (words("game.facts.licence"), game.licence or ""),
    ]
    return panel(
        ft.Column(
            [named(name, value) for name, value in rows if value],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


def _release(session: Session, game: GamePage) -> str:
    if game.release.promise:
        return game.release.promise
    day = game.release.on or game.release_date
    if day is None:
        return session.words("game.coming") if game.stage == "coming_soon" else ""
    return session.words.day(day)


def _age(session: Session, game: GamePage) -> str:
    reasons = [session.words(f"game.age.{one}") for one in game.age.descriptors]
    return f"{game.age.rating}+" + (f": {', '.join(reasons)}" if reasons else "")


def _foot(session: Session, page: WholePage) -> list[ft.Control]:
    words = session.words
    columns = columns_of(session)
    parts: list[ft.Control] = []
    contents = [one for one in (*page.game.dlc, page.game.demo, page.game.base) if one is not None]
    if contents:
        parts.append(shelf(words("game.contents"), game_grid(session, contents, columns=columns)))
    if page.similar and page.similar.items:
        games = [one.game for one in page.similar.items[:columns]]
        parts.append(shelf(words("game.similar"), game_grid(session, games, columns=columns)))
    return parts


def _age_gate(session: Session, slug: str, detail: str) -> ft.Control:
    """Return what stands where the age mark is above the confirmed age: who is signed in confirms it, others sign in."""
    words = session.words
    if session.account.is_player:
        action = button("age_gate.settings", words("game.age_gate.settings"), lambda: session.go("/settings"))
    else:
        action = button(
            "age_gate.sign_in",
            words("account.sign_in"),
            lambda: session.go(sign_in_for(f"/game/{slug}")),
            kind="primary",
        )
    return empty_state(
        "age_gate", ft.Icons.LOCK_OUTLINE_ROUNDED, words("game.age_gate.title"), detail, action=action
    )


def _not_found(session: Session) -> ft.Control:
    words = session.words
    return empty_state(
        "game.not_found",
        ft.Icons.SEARCH_OFF_ROUNDED,
        words("game.not_found.title"),
        words("game.not_found.detail"),
        action=button("game.not_found.search", words("shell.search"), lambda: session.go("/search")),
    )


def _skeleton(session: Session) -> list[ft.Control]:
    picture = ft.Container(aspect_ratio=16 / 9, bgcolor=Colours.SURFACE2, border_radius=Radius.CARD)
    if session.window.kind != "desktop":
        return [skeleton(width=260, height=28), picture, skeleton_lines(4)]
    side = ft.Column([skeleton_lines(3), skeleton(height=180, radius=Radius.CARD)], spacing=Space.L)
    return [
        skeleton(width=320, height=30),
        ft.Row(
            [ft.Container(picture, expand=True), ft.Container(side, width=_SIDE_WIDTH)],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    ]
