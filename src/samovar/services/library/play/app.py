"""Play, put together."""

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.library.contract.play_events import PlaySessionEnded
from samovar.services.library.contract.v1_pb2_grpc import add_PlayTimeServicer_to_server
from samovar.services.library.play import api, consumers, jobs
from samovar.services.library.play.rpc import PlayTimeRpc
from samovar.services.library.play.sums.use_cases import PlaySums
from samovar.services.library.play.use_cases import PlaySessions

ROUTES = routes_in(api)
CONSUMERS = consumers_in(consumers)
JOBS = jobs_in(jobs)
RPC = (Rpc(add_PlayTimeServicer_to_server, PlayTimeRpc),)
EVENTS = (PlaySessionEnded,)


def build_play(kit: Kit) -> dict[str, object]:
    """Build what the doors of play ask for by name."""
    return {
        "play_sessions": PlaySessions(kit.database, clock=kit.clock, new_id=kit.new_id),
        "play_sums": PlaySums(kit.database, clock=kit.clock),
    }
