"""What families let their children pay for, built from its parts."""

from datetime import timedelta

from samovar.kit.events import consumers_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.payment.children import consumers, jobs
from samovar.services.payment.children.adapters import Children
from samovar.services.payment.children.use_cases import Approvals
from samovar.services.payment.settings import PaymentSettings

CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)


def build_children(kit: Kit, settings: PaymentSettings) -> dict[str, object]:
    """Build what consumers and jobs ask for by name."""
    ttl = timedelta(seconds=settings.purchase_approval_ttl_s)
    return {"purchase_approvals": Approvals(kit.database, ttl=ttl, clock=kit.clock)}


def ask_children(kit: Kit) -> Children:
    """Build who is asked by those that take money; they share it, and what it keeps."""
    return Children(kit.peers, kit.clock)
