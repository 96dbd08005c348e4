"""What players think, as pages and cards show it: labels in the reader's language.

scores = await summaries.of(database, app_ids, language="ru")
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Catalogue
from samovar.services.catalog.domain import Language
from samovar.services.catalog.reviews import scores
from samovar.services.catalog.reviews.counting import repository
from samovar.services.catalog.reviews.schemas import LanguageScoreView, ReviewSummary, ScoreView
from samovar.services.catalog.reviews.scores import Counts, Label


class Summaries:
    """Reads scores.

    Args:
        catalogue: Where the labels have their names.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def name_of(self, label: Label, language: Language) -> str:
        """Return a label as people read it: «Очень положительные»."""
        return self._catalogue.text(f"catalog.review_label.{label}", language)

    async def of(
        self, database: Database | Transaction, app_ids: Sequence[UUID], language: Language
    ) -> dict[UUID, ScoreView]:
        """Return the scores of all time of these apps; one without reviews may be missing."""
        return {
            row.app_id: self._view(Counts(row.positive, row.negative), language)
            for row in await repository.list_scores(database, app_ids)
        }

    async def of_page(
        self,
        database: Database | Transaction,
        app_id: UUID,
        language: Language,
        *,
        released_on: date | None,
        today: date,
    ) -> ReviewSummary:
        """Return all that the page of an app shows of its reviews."""
        rows = await repository.list_scores(database, [app_id])
        if not rows:
            nothing = self._view(Counts(), language)
            return ReviewSummary(reviews=0, all_time=nothing, recent=None, languages=[])
        row = rows[0]
        counts = Counts(row.positive, row.negative)
        recent = None
        if scores.recent_is_shown(released_on, today):
            recent = self._view(Counts(row.positive_30d, row.negative_30d), language)
        languages = []
        if counts.total > scores.LANGUAGE_SHOWN_ABOVE:
            languages = await self._languages(database, app_id, counts.total, language)
        return ReviewSummary(
            reviews=row.reviews, all_time=self._view(counts, language), recent=recent, languages=languages
        )

    async def _languages(
        self, database: Database | Transaction, app_id: UUID, total: int, language: Language
    ) -> list[LanguageScoreView]:
        views = [
            LanguageScoreView(
                language=row.language,
                **msgspec.structs.asdict(self._view(Counts(row.positive, row.negative), language)),
            )
            for row in await repository.list_languages(database, app_id)
            if scores.language_is_shown(total=total, in_language=row.positive + row.negative)
        ]
        return sorted(views, key=lambda view: (-view.total, view.language))

    def _view(self, counts: Counts, language: Language) -> ScoreView:
        score = scores.score_of(counts)
        return ScoreView(
            total=score.total,
            positive=score.positive,
            percent=score.percent,
            label=score.label,
            label_name=None if score.label is None else self.name_of(score.label, language),
        )
