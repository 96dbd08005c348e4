"""How outside identity services let people in: what the room builds, and its doors."""

import secrets
from collections.abc import Mapping

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.auth.audit import Audit
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.providers import api
from samovar.services.auth.providers import jobs as providers_jobs
from samovar.services.auth.providers.adapters import registry
from samovar.services.auth.providers.arrival import Arrival
from samovar.services.auth.providers.domain import CountryPolicy
from samovar.services.auth.providers.journeys import Journeys
from samovar.services.auth.providers.links import api as links_api
from samovar.services.auth.providers.links.entry import Entry
from samovar.services.auth.providers.links.linking import Linking
from samovar.services.auth.providers.links.use_cases import Links
from samovar.services.auth.providers.one_time import OneTimeTokens
from samovar.services.auth.providers.use_cases import ProviderSignIn
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.sealing import Sealer

routes = (*routes_in(api), *routes_in(links_api))
jobs = jobs_in(providers_jobs)


async def build(
    kit: Kit,
    settings: AuthSettings,
    *,
    policy: CountryPolicy,
    admission: Admission,
    attempts: Attempts,
    audit: Audit,
) -> tuple[Mapping[str, object], Links, Entry]:
    """Build what the doors ask for by name; links and entry also for the rooms that must know of other ways in."""
    providers = await registry.build(
        settings.providers,
        timeout_s=settings.provider_timeout_s,
        in_production=kit.platform.environment == "production",
        clock=kit.clock,
        closing=kit.closing,
    )
    entry = Entry(providers, policy)
    linking = Linking(audit)
    tokens = OneTimeTokens(Sealer(settings.token_secret, "provider tokens"), random_bytes=secrets.token_bytes)
    links = Links(
        kit.database,
        providers=providers,
        policy=policy,
        tokens=tokens,
        linking=linking,
        entry=entry,
        audit=audit,
        clock=kit.clock,
        new_id=kit.new_id,
        origin=kit.platform.origin,
    )
    arrival = Arrival(
        kit.database,
        policy=policy,
        tokens=tokens,
        linking=linking,
        admission=admission,
        audit=audit,
        clock=kit.clock,
        new_id=kit.new_id,
    )
    sign_in = ProviderSignIn(
        kit.database,
        providers=providers,
        policy=policy,
        journeys=Journeys(
            settings.token_secret, origin=kit.platform.origin, random_bytes=secrets.token_bytes
        ),
        tokens=tokens,
        linking=linking,
        arrival=arrival,
        attempts=attempts,
        audit=audit,
        clock=kit.clock,
    )
    return {"provider_sign_in": sign_in, "links": links}, links, entry
