"""What the gallery shows of parts of the product: carousel, filters, price, review, person, switch, table, graph."""

from datetime import UTC, datetime, timedelta

import flet as ft

from samovar.client.api.account.profiles import Card
from samovar.client.api.catalog import FacetValue, Game, Named, Price, Reason, Recommended
from samovar.client.api.game_pages import Author, PriceHistory, PriceStep, Review
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.console.chart import day_chart
from samovar.client.components.console.frame import table
from samovar.client.components.panels import card
from samovar.client.components.people.rows import person_row, portrait
from samovar.client.components.store.carousel import HeroCarousel
from samovar.client.components.store.facets import WIDTH, FilterPanel
from samovar.client.components.store.history import PriceLine
from samovar.client.components.store.marks import age_mark, platform_marks, rating_line
from samovar.client.components.store.reviews import review_card
from samovar.client.screens.settings.frame import switch
from samovar.client.session import Session
from samovar.client.state.store.search import Filters
from samovar.client.theme.tokens import Space

_BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
_TODAY = datetime(2026, 11, 27, tzinfo=UTC)
_FULL, _CUT = {"amount": 129900, "currency": "RUB"}, {"amount": 84400, "currency": "RUB"}


def store_samples(session: Session) -> list[ft.Control]:
    """Return the components of the store, with games that there are not."""
    words = session.words
    tags = [Named("one", words("gallery.genre")), Named("two", words("gallery.soon"))]
    slides = [
        Recommended(
            Game(
                id=slug,
                slug=slug,
                title=title,
                short_description=words("gallery.sample"),
                tags=tags,
                price=Price(_FULL, _CUT, 35),
            ),
            Reason("popular", words("gallery.link")),
        )
        for slug, title in (
            ("gallery-slide-1", words("gallery.game")),
            ("gallery-slide-2", words("gallery.long_game")),
        )
    ]
    facets = {
        "genre": [FacetValue("one", words("gallery.genre"), 42), FacetValue("two", words("gallery.soon"), 7)],
        "platform": [FacetValue("linux", "Linux", 12)],
    }
    filters = Filters(chosen={"genre": ("one",)}, discounted=True)
    panel = card(FilterPanel(filters, facets, lambda _: None))
    panel.width = WIDTH
    steps = [
        PriceStep(_BEGIN, _FULL, _FULL, until=_BEGIN + timedelta(days=90)),
        PriceStep(
            _BEGIN + timedelta(days=90), _CUT, _FULL, discount_percent=35, until=_BEGIN + timedelta(days=104)
        ),
        PriceStep(_BEGIN + timedelta(days=104), _FULL, _FULL),
    ]
    marks = ft.Row(
        [
            age_mark(16),
            platform_marks(["windows", "linux", "macos"]),
            rating_line(words, score=92, label="very_positive", count=1_240),
        ],
        spacing=Space.M,
        wrap=True,
        run_spacing=Space.S,
    )
    review = Review(
        "gallery-review",
        Author(display_name="Марфа"),
        recommended=True,
        text=words("gallery.sample"),
        created_at=_BEGIN,
        play_minutes=750,
        received_free=True,
    )
    return [
        HeroCarousel(slides),
        marks,
        panel,
        PriceLine(PriceHistory(steps, _CUT), _TODAY),
        review_card(session, review),
    ]


def people_samples(session: Session) -> list[ft.Control]:
    """Return the components of people and settings."""
    words = session.words
    person = Card(account_id="gallery", display_name="Марфа Самоварова", avatar_url="", name="marfa")
    star = icon_button(
        "gallery.star", ft.Icons.STAR_ROUNDED, words("friends.unfavour"), lambda: None, selected=True
    )
    answers = [
        button("gallery.accept", words("friends.accept"), lambda: None, kind="primary"),
        button("gallery.decline", words("friends.decline"), lambda: None, kind="quiet"),
    ]
    label, detail = words("privacy.findable"), words("privacy.findable_detail")
    return [
        ft.Row([portrait(None, "Марфа", size=96), portrait(None, "Ф"), portrait(None, "")], spacing=Space.M),
        person_row("gallery.person", person, "@marfa", lambda: None, [star]),
        person_row("gallery.asks", person, "@marfa", lambda: None, answers, stacked=True),
        switch("gallery.on", label, detail, True, lambda _: None),
        switch("gallery.off", label, detail, False, lambda _: None),
        switch("gallery.fixed", label, detail, True, lambda _: None, fixed=True),
    ]


def console_samples(session: Session) -> list[ft.Control]:
    """Return the components of the developer's console."""
    words = session.words
    days = [((_BEGIN + timedelta(days=day)).date(), float(day * 7 % 11)) for day in range(14)]
    heads = [words("reports.day"), words("gallery.cards"), words("gallery.prices")]
    rows = [[f"{day:%d.%m}", words("gallery.game"), words.money(_CUT)] for day, _ in days[:2]]
    return [
        day_chart(session, words("gallery.sample"), days, words.number, least=1.0),
        table(session, heads, rows, weights=[1, 3, 2], numbers=[2]),
    ]
