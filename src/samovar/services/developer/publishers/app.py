"""Publishers, put together."""

import aiohttp

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.developer.publishers import api, jobs
from samovar.services.developer.publishers.adapters import Mint, Owners
from samovar.services.developer.publishers.tokens import TIMEOUT_S, Issuer, Tokens
from samovar.services.developer.publishers.use_cases import PipelineKeys, Publishers
from samovar.services.developer.rights import Rights
from samovar.services.developer.settings import DeveloperSettings

ROUTES = routes_in(api)
JOBS = jobs_in(jobs)


def build_publishers(kit: Kit, settings: DeveloperSettings, rights: Rights) -> dict[str, object]:
    """Build what the doors of publishers ask for by name."""
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), cookie_jar=aiohttp.DummyCookieJar()
    )
    kit.closing.push_async_callback(session.close)
    owners, mint = Owners(kit.peers), Mint(kit.peers)
    issuers = {url: Issuer(session, url, kit.clock) for url in settings.pipeline_issuers}
    return {
        "publishers": Publishers(
            kit.database,
            owners=owners,
            mint=mint,
            rights=rights,
            issuers=frozenset(issuers),
            clock=kit.clock,
            new_id=kit.new_id,
        ),
        "pipeline_keys": PipelineKeys(
            kit.database,
            tokens=Tokens(issuers, audience=kit.platform.origin, clock=kit.clock),
            owners=owners,
            mint=mint,
            clock=kit.clock,
        ),
    }
