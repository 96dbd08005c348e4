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
