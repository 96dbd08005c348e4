"""What was looked at lately: each game once, the latest first."""

from samovar.client.api.catalog import Game
from samovar.client.state.store.recent import RECENT_MAX, Recent


def game(number: int) -> Game:
    return Game(id=str(number), slug=f"g-{number}", title=str(number))


def test_the_latest_stands_first_and_each_once() -> None:
    recent = Recent()
    for number in (1, 2, 1):
        recent.see(game(number))
    assert [one.id for one in recent.games] == ["1", "2"]


def test_no_more_are_kept_than_a_screen_shows() -> None:
    recent = Recent()
    for number in range(RECENT_MAX + 5):
        recent.see(game(number))
    assert len(recent.games) == RECENT_MAX
    assert recent.games[0].id == str(RECENT_MAX + 4)


def test_what_an_earlier_visit_looked_at_stands_after_what_this_one_did() -> None:
    recent = Recent()
    recent.see(game(1))
    recent.recall(["g-2", "g-1", "g-3", "g-2"])
    assert recent.slugs == ["g-1", "g-2", "g-3"]
    recent.see(game(3))
    assert recent.slugs == ["g-3", "g-1", "g-2"]
    recent.found([game(2)])
    assert [one.slug for one in recent.games] == ["g-3", "g-1", "g-2"]
    recent.forget()
    assert recent.slugs == []


def test_an_earlier_visit_is_recalled_no_further_than_a_screen_shows() -> None:
    recent = Recent()
    recent.see(game(0))
    recent.recall([f"g-{number}" for number in range(1, 100)])
    assert len(recent.slugs) == RECENT_MAX
    recent.found([game(number) for number in range(1, 100)])
    assert len(recent.games) == RECENT_MAX
