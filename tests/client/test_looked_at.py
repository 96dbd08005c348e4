"""What was looked at outlives the page: slugs alone, and only where the browser is to remember the player."""

from typing import Any, cast

import flet as ft

from samovar.client.api.catalog import Catalog, Game
from samovar.client.looked_at import RECENT_KEY, LookedAt
from samovar.client.state.store.recent import Recent
from samovar.sdk.errors import Offline, Refused


class Kept:
    """A browser's storage."""

    def __init__(self, **values: Any) -> None:
        self.values = dict(values)

    async def get(self, key: str) -> Any:
        return self.values.get(key)

    async def set(self, key: str, value: Any) -> None:
        self.values[key] = value

    async def remove(self, key: str) -> None:
        self.values.pop(key, None)


class Games:
    """A store with some of the games; without any it is away."""

    def __init__(self, *slugs: str) -> None:
        self._slugs = slugs

    async def game(self, slug: str) -> Game:
        if not self._slugs:
            raise Offline
        if slug not in self._slugs:
            raise Refused(404, {"code": "catalog.app_not_found"})
        return game(slug)


def game(slug: str) -> Game:
    return Game(id=f"id-{slug}", slug=slug, title=slug.upper())


def looked_at(kept: Kept) -> tuple[LookedAt, Recent]:
    recent = Recent()
    return LookedAt(cast("ft.SharedPreferences", kept), recent), recent


async def test_the_next_visit_loads_what_is_still_shown() -> None:
    kept = Kept()
    first, _ = looked_at(kept)
    await first.restore()
    for slug in ("tea", "gone", "cup"):
        await first.see(game(slug))
    assert kept.values == {RECENT_KEY: ["cup", "gone", "tea"]}
    second, recent = looked_at(kept)
    await second.restore()
    await second.load(cast("Catalog", Games("tea", "cup")))
    assert [one.slug for one in recent.games] == ["cup", "tea"]


async def test_a_page_that_was_opened_before_the_browser_answered_is_kept_too() -> None:
    kept = Kept(**{RECENT_KEY: ["cup"]})
    here, recent = looked_at(kept)
    await here.see(game("tea"))
    assert kept.values == {RECENT_KEY: ["cup"]}
    await here.restore()
    assert kept.values == {RECENT_KEY: ["tea", "cup"]}
    assert recent.wanted == ("cup",)


async def test_while_the_store_is_away_nothing_is_forgotten() -> None:
    here, recent = looked_at(Kept(**{RECENT_KEY: ["cup", "tea"]}))
    await here.restore()
    await here.load(cast("Catalog", Games()))
    assert recent.slugs == ["cup", "tea"]


async def test_the_next_person_sees_nothing() -> None:
    kept = Kept(**{RECENT_KEY: ["cup"]})
    here, recent = looked_at(kept)
    await here.restore()
    await here.see(game("tea"))
    await here.forget()
    assert kept.values == {}
    assert recent.slugs == []


async def test_of_a_player_whom_the_browser_is_not_to_remember_nothing_is_kept() -> None:
    kept = Kept()
    here, recent = looked_at(kept)
    await here.restore()
    here.is_kept = False
    await here.see(game("tea"))
    assert kept.values == {}
    assert recent.slugs == ["tea"]


async def test_nonsense_in_the_storage_is_passed_over() -> None:
    for nonsense in ("cup", 3, ["x" * 200, ""]):
        here, recent = looked_at(Kept(**{RECENT_KEY: nonsense}))
        await here.restore()
        assert recent.slugs == []
