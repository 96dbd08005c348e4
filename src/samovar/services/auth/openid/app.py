"""What programs and browsers need of auth, built from its parts: pages, clients, consents, tokens, sign-out."""

import secrets
from dataclasses import dataclass
from importlib import resources

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.settings import SettingsError
from samovar.kit.workers import jobs_in
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients import api as clients_api
from samovar.services.auth.clients import jobs as clients_jobs
from samovar.services.auth.clients.domain import DEVICE_CODE
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.clients.use_cases import Clients
from samovar.services.auth.consents import api as consents_api
from samovar.services.auth.consents.use_cases import Consents
from samovar.services.auth.device_code import app as device_code
from samovar.services.auth.device_code.redeeming import DeviceGrant
from samovar.services.auth.grants import api as grants_api
from samovar.services.auth.grants import jobs as grants_jobs
from samovar.services.auth.grants.issuing import Issuing
from samovar.services.auth.grants.tokens import ClientTokens, GrantTokens
from samovar.services.auth.grants.use_cases import TokenEndpoint
from samovar.services.auth.inspection import api as inspection_api
from samovar.services.auth.inspection.adapters import People
from samovar.services.auth.inspection.use_cases import Inspection
from samovar.services.auth.openid import api as openid_api
from samovar.services.auth.openid.discovery import describe
from samovar.services.auth.openid.screens import Screens
from samovar.services.auth.openid.use_cases import Authorization
from samovar.services.auth.pages import api as pages_api
from samovar.services.auth.pages.cookies import Cookies
from samovar.services.auth.pages.entrance import Entrance
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.pages.use_cases import BrowserSignIn
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.browsing import Browsing
from samovar.services.auth.sessions.families import Families
from samovar.services.auth.sessions.granting import Granting
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.sign_out import api as sign_out_api
from samovar.services.auth.sign_out import consumers as sign_out_consumers
from samovar.services.auth.sign_out import jobs as sign_out_jobs
from samovar.services.auth.sign_out.adapters import BackChannel
from samovar.services.auth.sign_out.use_cases import Notices, SignOut
from samovar.services.auth.tokens.opaque import RefreshTokens
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer

SERVICE = "samovar.services.auth"

routes = tuple(
    route
    for room in (pages_api, clients_api, openid_api, grants_api, inspection_api, consents_api, sign_out_api)
    for route in routes_in(room)
)
consumers = consumers_in(sign_out_consumers)
jobs = tuple(job for room in (clients_jobs, grants_jobs, sign_out_jobs) for job in jobs_in(room))


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What several of these rooms stand on."""

    kit: Kit
    settings: AuthSettings
    signer: Signer
    pairs: Pairs
    admission: Admission
    audit: Audit
    catalogue: Catalogue
    pages: Pages
    forms: Forms
    cookies: Cookies
    entrance: Entrance
    browsing: Browsing
    registry: Registry
    devices: device_code.Parts


async def build(
    kit: Kit, settings: AuthSettings, *, signer: Signer, pairs: Pairs, admission: Admission, audit: Audit
) -> dict[str, object]:
    """Build what the rooms' handlers, consumers and jobs ask for by name.

    Args:
        kit: The kit.
        settings: Of auth.
        signer: Signs ID tokens and logout tokens.
        pairs: Of people's tokens, for the platform's own programs.
        admission: The way in for them.
        audit: What happened.
    """
    catalogue = Catalogue.load(resources.files(name) / "locale" for name in ("samovar.kit", SERVICE))
    pages, forms = Pages(catalogue), Forms(settings.token_secret)
    parts = _Parts(
        kit=kit,
        settings=settings,
        signer=signer,
        pairs=pairs,
        admission=admission,
        audit=audit,
        catalogue=catalogue,
        pages=pages,
        forms=forms,
        cookies=Cookies(kit.platform.origin, secrets.token_bytes),
        entrance=Entrance(pages, forms, kit.clock),
        browsing=Browsing(secret=settings.token_secret, settings=settings),
        registry=Registry(kit.database, salt=await Registry.read_salt(kit.database), clock=kit.clock),
        devices=device_code.Parts.of(kit, settings, audit),
    )
    return {**_browser(parts), **_tokens(parts), **_devices(parts), **await _told(parts)}


def _devices(parts: _Parts) -> dict[str, object]:
    """Build what lets devices in."""
    return device_code.build(
        parts.kit,
        parts.devices,
        admission=parts.admission,
        registry=parts.registry,
        browsing=parts.browsing,
        pages=parts.pages,
        forms=parts.forms,
        entrance=parts.entrance,
        audit=parts.audit,
    )


def _browser(parts: _Parts) -> dict[str, object]:
    """Build what signs people in and out on pages."""
    kit = parts.kit
    return {
        "catalogue": parts.catalogue,
        "pages": parts.pages,
        "forms": parts.forms,
        "cookies": parts.cookies,
        "entrance": parts.entrance,
        "registry": parts.registry,
        "browsing": parts.browsing,
        "browser_sign_in": BrowserSignIn(
            kit.database, browsing=parts.browsing, verifier=kit.verifier, clock=kit.clock
        ),
        "sign_out": SignOut(
            kit.database,
            registry=parts.registry,
            browsing=parts.browsing,
            signer=parts.signer,
            verifier=kit.verifier,
            audit=parts.audit,
            clock=kit.clock,
        ),
        "authorization": Authorization(
            kit.database,
            registry=parts.registry,
            browsing=parts.browsing,
            signer=parts.signer,
            audit=parts.audit,
            issuer=kit.platform.origin,
            random_bytes=secrets.token_bytes,
            clock=kit.clock,
        ),
        "screens": Screens(
            pages=parts.pages,
            forms=parts.forms,
            entrance=parts.entrance,
            catalogue=parts.catalogue,
            clock=kit.clock,
        ),
        "discovery": describe(kit.platform.origin),
    }


def _tokens(parts: _Parts) -> dict[str, object]:
    """Build what programs ask: for tokens, and about them."""
    kit, settings, secret = parts.kit, parts.settings, parts.settings.token_secret
    grant_tokens = GrantTokens(secret, ttl_s=settings.access_ttl_s)
    client_tokens = ClientTokens(secret, ttl_s=settings.access_ttl_s)
    grant_pairs = Pairs(grant_tokens, RefreshTokens(secret), Sealer(secret, "access tokens"))
    families = Families(settings=settings, pairs=parts.pairs, new_id=kit.new_id)
    grant_families = Families(settings=settings, pairs=grant_pairs, new_id=kit.new_id)
    issuing = Issuing(
        registry=parts.registry,
        granting=Granting(settings=settings, new_id=kit.new_id, random_bytes=secrets.token_bytes),
        admission=parts.admission,
        pairs=grant_pairs,
        signer=parts.signer,
        issuer=kit.platform.origin,
        new_id=kit.new_id,
    )
    return {
        "token_endpoint": TokenEndpoint(
            kit.database,
            registry=parts.registry,
            issuing=issuing,
            families=families,
            grant_families=grant_families,
            grant_tokens=grant_tokens,
            client_tokens=client_tokens,
            methods={DEVICE_CODE: DeviceGrant(parts.devices.polling, issuing)},
            verifier=kit.verifier,
            audit=parts.audit,
            clock=kit.clock,
        ),
        "inspection": Inspection(
            kit.database,
            registry=parts.registry,
            families=families,
            grant_families=grant_families,
            grant_tokens=grant_tokens,
            client_tokens=client_tokens,
            people=People(kit.peers),
            verifier=kit.verifier,
            audit=parts.audit,
            issuer=kit.platform.origin,
            clock=kit.clock,
        ),
    }


async def _told(parts: _Parts) -> dict[str, object]:
    """Build what registers clients, shows consents, and tells clients of ends.

    Raises:
        SettingsError: A setting for development is on in production.
    """
    kit, settings = parts.kit, parts.settings
    if kit.platform.environment == "production" and settings.allow_private_callbacks:
        raise SettingsError("SAMOVAR_AUTH__ALLOW_PRIVATE_CALLBACKS is for development")
    back_channel = await kit.closing.enter_async_context(
        BackChannel(allow_private=settings.allow_private_callbacks)
    )
    return {
        "clients": Clients(
            kit.database,
            audit=parts.audit,
            clock=kit.clock,
            new_id=kit.new_id,
            random_bytes=secrets.token_bytes,
            allow_http=settings.allow_private_callbacks,
        ),
        "client_consents": Consents(
            kit.database,
            registry=parts.registry,
            verifier=kit.verifier,
            audit=parts.audit,
            clock=kit.clock,
        ),
        "notices": Notices(
            kit.database,
            registry=parts.registry,
            signer=parts.signer,
            back_channel=back_channel,
            issuer=kit.platform.origin,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }
