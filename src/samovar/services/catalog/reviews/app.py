"""Reviews, built from their parts."""

from importlib import resources

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services import catalog
from samovar.services.catalog.reviews import api, jobs
from samovar.services.catalog.reviews.adapters import Authors, Library
from samovar.services.catalog.reviews.answers import api as answers_api
from samovar.services.catalog.reviews.answers.use_cases import ANSWER, Answers
from samovar.services.catalog.reviews.claims import consumers
from samovar.services.catalog.reviews.claims.use_cases import Claims
from samovar.services.catalog.reviews.counting.summaries import Summaries
from samovar.services.catalog.reviews.moderation import api as moderation_api
from samovar.services.catalog.reviews.moderation.use_cases import ReviewModeration
from samovar.services.catalog.reviews.use_cases import OwnReviews, ReadReviews
from samovar.services.catalog.reviews.votes import api as votes_api
from samovar.services.catalog.reviews.votes.use_cases import Votes
from samovar.services.catalog.rights import Rights
from samovar.services.catalog.settings import CatalogSettings
from samovar.services.catalog.viewers.audience import Audience

ROUTES = tuple(route for room in (api, votes_api, answers_api, moderation_api) for route in routes_in(room))
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
PERMISSIONS = {
    moderation_api.MODERATE: ("moderator", "admin"),
    ANSWER: ("developer", "moderator", "admin"),
}


def build_reviews(kit: Kit, settings: CatalogSettings, audience: Audience) -> dict[str, object]:
    """Build what the doors of reviews ask for by name, and `review_summaries` for other rooms."""
    database, clock = kit.database, kit.clock
    authors = Authors(kit.peers, clock)
    summaries = Summaries(Catalogue.load([resources.files(catalog) / "locale"]))
    return {
        "review_authors": authors,
        "review_summaries": summaries,
        "own_reviews": OwnReviews(
            database,
            library=Library(kit.peers),
            audience=audience,
            play_minutes_min=settings.review_play_minutes_min,
            country=settings.default_country,
            clock=clock,
            new_id=kit.new_id,
        ),
        "read_reviews": ReadReviews(
            database, audience=audience, authors=authors, summaries=summaries, clock=clock
        ),
        "review_votes": Votes(database, audience=audience, clock=clock),
        "review_answers": Answers(database, rights=Rights(PERMISSIONS, ANSWER), clock=clock),
        "review_moderation": ReviewModeration(database, authors=authors, clock=clock, new_id=kit.new_id),
        "review_claims": Claims(country=settings.default_country, clock=clock),
    }
