"""Submissions, put together."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.developer.contract.events import AppReleased, SubmissionDecided, SubmissionMade
from samovar.services.developer.rights import Rights
from samovar.services.developer.submissions import api, jobs
from samovar.services.developer.submissions.adapters import Pages
from samovar.services.developer.submissions.use_cases import Moderation, Releases, Submissions

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)
EVENTS = (SubmissionMade, SubmissionDecided, AppReleased)


def build_submissions(kit: Kit, rights: Rights) -> dict[str, object]:
    """Build what the doors of submissions ask for by name."""
    pages = Pages(kit.peers)
    return {
        "submissions": Submissions(
            kit.database, pages=pages, rights=rights, clock=kit.clock, new_id=kit.new_id
        ),
        "moderation": Moderation(kit.database, pages=pages, clock=kit.clock),
        "releases": Releases(kit.database, pages=pages, clock=kit.clock),
    }
