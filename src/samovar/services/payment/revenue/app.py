"""Revenue, built from its parts."""

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.payment.revenue.splitting import jobs
from samovar.services.payment.revenue.splitting.splitter import Splitter
from samovar.services.payment.revenue.splitting.use_cases import Splitting
from samovar.services.payment.revenue.tiers import api
from samovar.services.payment.revenue.tiers.use_cases import Tiers
from samovar.services.payment.settings import PaymentSettings

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)
PERMISSIONS = {api.EDIT: ("finance",)}


def build_revenue(kit: Kit, settings: PaymentSettings) -> dict[str, object]:
    """Build what the doors of revenue ask for by name."""
    splitter = Splitter(
        kit.database,
        reserve_percent=settings.reserve_percent,
        reserve_days=settings.reserve_days,
        clock=kit.clock,
        new_id=kit.new_id,
    )
    return {"splitting": Splitting(splitter), "tiers": Tiers(kit.database, clock=kit.clock)}
