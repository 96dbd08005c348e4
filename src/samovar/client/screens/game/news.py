"""What the developers tell of a game: news, and what is new in its versions."""

from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.store.news import Post, Posts, Told
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import badge, divider, note, panel
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.theme.tokens import Space

_LINES = 4
_LONG = 280


@ft.component
def News(slug: str) -> ft.Control:
    """Show the latest posts; nothing where there are none, or they cannot be had: the page is whole without them."""
    session = use_session()
    calls = session.player if session.account.is_player else session.stranger
    found = use_loaded(lambda: Told(calls, slug).news(), [slug])
    if found.value is None or not found.value.items:
        return ft.Container(visible=False)
    return ft.Container(Posted(slug, found.value), key=found.value.items[0].id)


@ft.component
def Posted(slug: str, first: Posts) -> ft.Control:
    """Show posts, and more of them."""
    session = use_session()
    words = session.words
    more, set_more = ft.use_state(cast("tuple[Post, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()
    calls = session.player if session.account.is_player else session.stranger

    async def load() -> None:
        page = await Told(calls, slug).news(cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    parts: list[ft.Control] = []
    for one in (*first.items, *more):
        if parts:
            parts.append(divider())
        parts.append(ft.Container(OnePost(one), key=one.id))
    if doing.problem:
        parts.append(note("game.news.problem", doing.problem.detail, tone="danger"))
    if cursor:
        further = button("game.news.more", words("search.more"), partial(doing.run, load), busy=doing.is_busy)
        parts.append(ft.Row([further]))
    return panel(*parts, title=words("game.news.title"))


@ft.component
def OnePost(post: Post) -> ft.Control:
    """Show a post; a long one opens."""
    session = use_session()
    words = session.words
    is_open, set_open = ft.use_state(False)
    is_long = len(post.text) > _LONG or post.text.count("\n") >= _LINES
    head: list[ft.Control] = [texts.strong(post.title)]
    if post.version:
        head.append(badge(words("game.news.version", version=post.version)))
    parts: list[ft.Control] = [
        ft.Row(head, spacing=Space.S, wrap=True, run_spacing=Space.XS),
        texts.caption(words.day(post.published_at)),
        texts.muted(post.text, lines=None if is_open or not is_long else _LINES),
    ]
    if is_long:
        label = words("game.news.less" if is_open else "game.news.whole")
        parts.append(
            ft.Row([texts.link(f"game.news.{post.id}", label, lambda: set_open(not is_open), size=13)])
        )
    return ft.Column(parts, spacing=Space.XS, tight=True)
