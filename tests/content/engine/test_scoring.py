"""The fastest mirror is asked, others now and then, and whoever fails rests the longer the more often it does."""

from samovar.content.engine.scoring import EXPLORE_EVERY, Scores


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_fastest_is_asked_and_others_now_and_then() -> None:
    scores = Scores(Clock())
    scores.worked("slow", 1000, 1)
    scores.worked("fast", 9000, 1)
    asked = [scores.choose(["slow", "fast"]) for _ in range(EXPLORE_EVERY)]
    assert asked.count("slow") == 1


def test_a_mirror_nobody_knows_is_tried() -> None:
    scores = Scores(Clock())
    scores.worked("known", 1000, 1)
    assert scores.choose(["known", "new"]) == "new"


def test_who_failed_rests_and_comes_back() -> None:
    clock = Clock()
    scores = Scores(clock)
    scores.worked("a", 9000, 1)
    scores.worked("b", 1000, 1)
    scores.failed("a")
    assert scores.choose(["a", "b"]) == "b"
    assert scores.choose(["a"]) == "a"
    clock.now = 1000
    assert scores.choose(["a", "b"]) == "b"
    scores.worked("a", 9000, 1)
    assert scores.choose(["a", "b"]) == "a"


def test_who_was_tried_for_a_range_is_not_tried_again_while_there_are_others() -> None:
    scores = Scores(Clock())
    scores.worked("a", 9000, 1)
    scores.worked("b", 1000, 1)
    assert scores.choose(["a", "b"], ["a"]) == "b"
    assert scores.choose(["a", "b"], ["a", "b"]) == "a"


def test_slow_is_who_is_much_slower_than_another_has_been() -> None:
    scores = Scores(Clock())
    assert not scores.is_slow("a", 1)
    scores.worked("b", 1000, 1)
    assert scores.is_slow("a", 100)
    assert not scores.is_slow("a", 400)
    scores.failed("b")
    assert not scores.is_slow("a", 100)
