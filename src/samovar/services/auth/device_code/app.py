"""Letting devices in, built from its parts."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.device_code import api
from samovar.services.auth.device_code import jobs as device_code_jobs
from samovar.services.auth.device_code.attempts import DeviceAttempts
from samovar.services.auth.device_code.page import api as page_api
from samovar.services.auth.device_code.page.screens import DeviceScreens
from samovar.services.auth.device_code.polling import Polling
from samovar.services.auth.device_code.requests import DeviceRequests
from samovar.services.auth.device_code.use_cases import DeviceSignIn
from samovar.services.auth.pages.entrance import Entrance
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.browsing import Browsing
from samovar.services.auth.settings import AuthSettings

routes = (*routes_in(api), *routes_in(page_api))
jobs = jobs_in(device_code_jobs)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What both the token endpoint and the room's own doors stand on."""

    requests: DeviceRequests
    attempts: DeviceAttempts
    polling: Polling

    @classmethod
    def of(cls, kit: Kit, settings: AuthSettings, audit: Audit) -> "Parts":
        """Build them."""
        requests = DeviceRequests(
            settings.token_secret,
            lives_for=timedelta(seconds=settings.device_request_ttl_s),
            new_id=kit.new_id,
            random_bytes=secrets.token_bytes,
            random_below=secrets.randbelow,
        )
        attempts = DeviceAttempts(kit.limits, requests_max=settings.device_requests_per_address_max)
        polling = Polling(
            kit.database,
            requests=requests,
            attempts=attempts,
            verifier=kit.verifier,
            audit=audit,
            clock=kit.clock,
        )
        return cls(requests=requests, attempts=attempts, polling=polling)


def build(
    kit: Kit,
    parts: Parts,
    *,
    admission: Admission,
    registry: Registry,
    browsing: Browsing,
    pages: Pages,
    forms: Forms,
    entrance: Entrance,
    audit: Audit,
) -> dict[str, object]:
    """Build what the room's handlers and jobs ask for by name.

    Args:
        kit: The kit.
        parts: The room's own.
        admission: The way in for devices that were let in.
        registry: The programs on them.
        browsing: The sessions of browsers in which people decide.
        pages: What they see there.
        forms: What comes back.
        entrance: Asks them to sign in first.
        audit: What happened.
    """
    device_sign_in = DeviceSignIn(
        kit.database,
        requests=parts.requests,
        polling=parts.polling,
        attempts=parts.attempts,
        admission=admission,
        registry=registry,
        browsing=browsing,
        audit=audit,
        clock=kit.clock,
        origin=kit.platform.origin,
    )
    screens = DeviceScreens(
        pages=pages, forms=forms, entrance=entrance, lives_for=parts.requests.lives_for, clock=kit.clock
    )
    return {"device_sign_in": device_sign_in, "device_screens": screens}
