"""The declaration of account, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.services.account.contract.events import AgeLevelChanged, ProfileChanged
from samovar.services.account.contract.v1_pb2_grpc import add_ProfilesServicer_to_server
from samovar.services.account.profiles import api as profiles_api
from samovar.services.account.profiles import consumers as profiles_consumers
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.rpc import ProfilesRpc
from samovar.services.account.profiles.use_cases import Profiles
from samovar.services.account.settings import AccountSettings


async def build(kit: Kit, settings: AccountSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    arrival = Arrival(kit.database, clock=kit.clock, timeout_ms=settings.arrival_timeout_ms)
    return {
        **_profiles(kit, arrival),
    }


def _profiles(kit: Kit, arrival: Arrival) -> dict[str, object]:
    return {"profiles": Profiles(kit.database, arrival=arrival, clock=kit.clock)}


service = Service(
    name="account",
    summary="Profiles, settings, activity history, friends and verified contacts of people",
    package=__package__,
    settings=AccountSettings,
    build=build,
    routes=(*routes_in(profiles_api),),
    rpc=(Rpc(add_ProfilesServicer_to_server, ProfilesRpc),),
    consumers=(*consumers_in(profiles_consumers),),
    publishes=(ProfileChanged, AgeLevelChanged),
)
