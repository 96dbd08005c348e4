"""Launch tickets, built from their parts."""

import secrets

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.launch_tickets import api
from samovar.services.auth.launch_tickets import jobs as launch_tickets_jobs
from samovar.services.auth.launch_tickets.use_cases import LaunchTickets

routes = routes_in(api)
jobs = jobs_in(launch_tickets_jobs)


async def build(kit: Kit, *, audit: Audit) -> dict[str, object]:
    """Build what the room's handlers and jobs ask for by name.

    Args:
        kit: The kit.
        audit: What happened.
    """
    tickets = LaunchTickets(
        kit.database,
        salt=await Registry.read_salt(kit.database),
        audit=audit,
        clock=kit.clock,
        new_id=kit.new_id,
        random_bytes=secrets.token_bytes,
    )
    return {"launch_tickets": tickets}
