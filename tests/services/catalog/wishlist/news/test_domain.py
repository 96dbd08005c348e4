"""What is news of an app, and what is not."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from samovar.services.catalog.domain import AppKind, Stage
from samovar.services.catalog.wishlist.news import domain
from samovar.services.catalog.wishlist.news.domain import Seen

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        (None, "coming_soon", []),
        (None, "released", ["creator"]),
        ("coming_soon", "coming_soon", []),
        ("coming_soon", "early_access", ["released", "creator"]),
        ("coming_soon", "released", ["released", "creator"]),
        ("early_access", "released", ["left_early_access"]),
        ("released", "released", []),
        ("released", "early_access", []),
        ("released", "coming_soon", []),
    ],
)
def test_steps_forward_are_news(before: Stage | None, after: Stage, news: list[str]) -> None:
    found = domain.news_of(
        Seen(is_shown=True, stage=before) if before else None,
        Seen(is_shown=True, stage=after),
        kind="game",
        released_on=TODAY,
        today=TODAY,
    )
    assert found == news


def test_a_draft_is_no_news_and_its_publication_is() -> None:
    draft, shown = Seen(is_shown=False, stage="released"), Seen(is_shown=True, stage="released")
    known: dict[str, Any] = {"released_on": None, "today": TODAY}
    assert domain.news_of(None, draft, kind="game", **known) == []
    assert domain.news_of(draft, shown, kind="game", **known) == ["creator"]
    assert domain.news_of(shown, draft, kind="game", **known) == []


@pytest.mark.parametrize(
    ("kind", "is_news"),
    [("game", True), ("dlc", True), ("tool", True), ("demo", False), ("soundtrack", False)],
)
def test_a_demo_is_no_release(kind: AppKind, *, is_news: bool) -> None:
    shown = Seen(is_shown=True, stage="released")
    assert bool(domain.news_of(None, shown, kind=kind, released_on=TODAY, today=TODAY)) is is_news


def test_what_came_out_long_ago_is_no_news() -> None:
    shown = Seen(is_shown=True, stage="released")
    old = TODAY - timedelta(days=61)
    assert domain.news_of(None, shown, kind="game", released_on=old, today=TODAY) == []


def test_a_cause_says_why() -> None:
    assert domain.reason_of(domain.discount_cause(uuid4())) == "discount"
    assert domain.reason_of("released") == "released"
    assert domain.reason_of("left_early_access") == "left_early_access"
