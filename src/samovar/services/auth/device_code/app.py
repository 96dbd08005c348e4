"""Letting devices in, built from its parts."""

import secrets
from datetime import timedelta

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.auth.audit import Audit
from samovar.services.auth.device_code import api
from samovar.services.auth.device_code import jobs as device_code_jobs
from samovar.services.auth.device_code.attempts import DeviceAttempts
from samovar.services.auth.device_code.polling import Polling
from samovar.services.auth.device_code.requests import DeviceRequests
from samovar.services.auth.device_code.use_cases import DeviceSignIn
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.settings import AuthSettings

routes = routes_in(api)
jobs = jobs_in(device_code_jobs)


def build(kit: Kit, settings: AuthSettings, *, admission: Admission, audit: Audit) -> dict[str, object]:
    """Build what the room's handlers and jobs ask for by name.

    Args:
        kit: The kit.
        settings: Of auth.
        admission: The way in for devices that were let in.
        audit: What happened.
    """
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
    device_sign_in = DeviceSignIn(
        kit.database,
        requests=requests,
        polling=polling,
        attempts=attempts,
        admission=admission,
        audit=audit,
        clock=kit.clock,
        origin=kit.platform.origin,
    )
    return {"device_sign_in": device_sign_in}
