"""The library in its address, and a queue of downloads in its order."""

import pytest

from samovar.client.api.library import Download
from samovar.client.state.library import Shelf, in_order, moved_before, share_done


def download(number: int, state: str, *, position: int = 0, device: str = "pc", done: int = 0) -> Download:
    return Download(
        id=str(number),
        game_id="g",
        device_id=device,
        state=state,
        position=position,
        size_bytes=200,
        download_bytes=100,
        done_bytes=done,
    )


def test_an_address_says_what_is_shown() -> None:
    shelf = Shelf(query="лёд", collection="c", sort="title", view="list")
    assert Shelf.read(shelf.path().partition("?")[2]) == shelf
    assert Shelf().path() == "/library"
    hidden = Shelf(only="hidden")
    assert Shelf.read(hidden.path().partition("?")[2]) == hidden
    assert hidden.is_narrowed
    assert shelf.is_narrowed


def test_nonsense_in_an_address_is_passed_over() -> None:
    assert Shelf.read("sort=random&view=cube&collection=&only=mine") == Shelf()


def test_what_runs_stands_first_and_what_is_done_last() -> None:
    queue = [
        download(1, "done"),
        download(2, "queued", position=2),
        download(3, "queued", position=1),
        download(4, "running", position=9),
        download(5, "paused"),
    ]
    assert [one.id for one in in_order(queue)] == ["4", "3", "2", "5", "1"]


@pytest.mark.parametrize(
    ("state", "done", "share"), [("running", 25, 0.25), ("done", 0, 1), ("paused", 999, 1)]
)
def test_progress_stays_between_nothing_and_all(state: str, done: int, share: float) -> None:
    assert share_done(download(1, state, done=done)) == share


def test_a_download_moves_up_within_its_own_device() -> None:
    queue = [
        download(1, "queued", position=1),
        download(2, "queued", position=5),
        download(3, "queued", position=3, device="deck"),
    ]
    assert moved_before(queue, queue[1]) == 1
    assert moved_before(queue, queue[0]) is None
    assert moved_before(queue, queue[2]) is None
