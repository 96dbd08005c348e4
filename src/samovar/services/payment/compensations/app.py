"""Compensations, built from their parts."""

from datetime import timedelta

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.payment.asking.everyone import Everyone
from samovar.services.payment.compensations import api, jobs
from samovar.services.payment.compensations.use_cases import Compensations, Limits
from samovar.services.payment.settings import PaymentSettings

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)
PERMISSIONS = {
    api.GIVE: ("support", "finance", "admin"),
    api.APPROVE: ("finance",),
    api.READ: ("support", "finance", "admin"),
}


def build_compensations(kit: Kit, settings: PaymentSettings, everyone: Everyone) -> dict[str, object]:
    """Build what the doors of compensations ask for by name."""
    limits = Limits(
        alone=settings.compensation_alone_amount_max,
        alone_per_day=settings.compensation_alone_day_amount_max,
        most=settings.compensation_amount_max,
        approved_per_day=settings.compensation_approved_day_amount_max,
        ttl=timedelta(seconds=settings.compensation_proposal_ttl_s),
    )
    return {
        "compensations": Compensations(
            kit.database, people=everyone.people, limits=limits, clock=kit.clock, new_id=kit.new_id
        ),
    }
