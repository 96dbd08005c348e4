"""The declaration of library, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.kit.settings import ServiceSettings
from samovar.kit.workers import jobs_in
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.contract.v1_pb2_grpc import add_LicencesServicer_to_server
from samovar.services.library.licences import api, jobs
from samovar.services.library.licences.rpc import LicencesRpc
from samovar.services.library.licences.use_cases import Licences


async def build(kit: Kit, settings: ServiceSettings) -> Mapping[str, object]:  # noqa: ARG001  the form of `build`
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    return {"licences": Licences(kit.database, clock=kit.clock, new_id=kit.new_id)}


service = Service(
    name="library",
    summary="What a player holds and has done in it: licences, play time, achievements, saves",
    package=__package__,
    build=build,
    routes=routes_in(api),
    rpc=(Rpc(add_LicencesServicer_to_server, LicencesRpc),),
    jobs=jobs_in(jobs),
    publishes=(LicenceGranted, LicenceRevoked),
)
