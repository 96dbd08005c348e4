"""Licences, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.library.contract.v1_pb2_grpc import add_LicencesServicer_to_server
from samovar.services.library.licences import consumers, jobs
from samovar.services.library.licences.rpc import LicencesRpc
from samovar.services.library.licences.use_cases import Licences, Purchases

CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
RPC = (Rpc(add_LicencesServicer_to_server, LicencesRpc),)


def build_licences(kit: Kit) -> dict[str, object]:
    """Build what the doors of licences ask for by name."""
    return {
        "licences": Licences(kit.database, clock=kit.clock, new_id=kit.new_id),
        "purchases": Purchases(clock=kit.clock, new_id=kit.new_id),
    }
