"""Refunds, built from their parts."""

from importlib import resources

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services import payment
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.refunds import api
from samovar.services.payment.refunds.following import consumers, jobs
from samovar.services.payment.refunds.following.use_cases import Following
from samovar.services.payment.refunds.judging.adapters import Catalog, Library
from samovar.services.payment.refunds.judging.explaining import Explanations
from samovar.services.payment.refunds.judging.facts import Judge
from samovar.services.payment.refunds.staff import api as staff_api
from samovar.services.payment.refunds.staff.use_cases import StaffRefunds
from samovar.services.payment.refunds.use_cases import Refunds
from samovar.services.payment.settings import PaymentSettings

ROUTES = (*routes_in(api), *routes_in(staff_api))
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
PERMISSIONS = {
    staff_api.GRANT: ("support", "finance", "admin"),
    staff_api.READ: ("support", "finance", "admin"),
}


def build_refunds(kit: Kit, settings: PaymentSettings) -> dict[str, object]:
    """Build what the doors of refunds ask for by name."""
    library = Library(kit.peers)
    judge = Judge(
        library=library,
        catalog=Catalog(kit.peers),
        holds=AccountHolds(kit.peers),
        per_month_max=settings.refunds_per_month_max,
    )
    explanations = Explanations(Catalogue.load([resources.files(payment) / "locale"]))
    return {
        "refunds": Refunds(kit.database, judge=judge, explanations=explanations, clock=kit.clock),
        "staff_refunds": StaffRefunds(kit.database, clock=kit.clock),
        "refund_following": Following(kit.database, library=library, clock=kit.clock),
    }
