"""The declaration of library, and `build`, the only place that builds."""

from collections.abc import Mapping

from samovar.kit.runtime import Kit, Service
from samovar.kit.settings import ServiceSettings
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.library.licences import app as licences
from samovar.services.library.play import app as play


async def build(kit: Kit, settings: ServiceSettings) -> Mapping[str, object]:  # noqa: ARG001  the form of `build`
    """Build what handlers, consumers, jobs and the RPC servicers ask for by name."""
    return {**licences.build_licences(kit), **play.build_play(kit)}


service = Service(
    name="library",
    summary="What a player holds and has done in it: licences, play time, achievements, saves",
    package=__package__,
    build=build,
    routes=(*licences.ROUTES, *play.ROUTES),
    rpc=(*licences.RPC, *play.RPC),
    consumers=(*licences.CONSUMERS, *play.CONSUMERS),
    jobs=(*licences.JOBS, *play.JOBS),
    publishes=(LicenceGranted, LicenceRevoked, *play.EVENTS),
)
