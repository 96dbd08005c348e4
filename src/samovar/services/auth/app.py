"""The declaration of auth, and `build`, the only place that builds."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from importlib import resources

import msgspec

from samovar.kit.events import consumers_in
from samovar.kit.identity import Permissions
from samovar.kit.identity.revocations import Revocations
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.kit.workers import jobs_in
from samovar.services.auth import api, consumers, contract, jobs
from samovar.services.auth.contract.events import (
    AccountRegistered,
    RolesChanged,
    SessionRevoked,
    SessionStarted,
)
from samovar.services.auth.contract.v1_pb2_grpc import add_AuthServicer_to_server
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.hashing import Passwords, default_threads
from samovar.services.auth.rpc import AuthRpc
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import DeviceTokens, RefreshTokens
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.rotation import SigningKeys
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer
from samovar.services.auth.use_cases import Sessions, SignIn


async def build(kit: Kit, settings: AuthSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicer ask for by name."""
    secret = settings.token_secret
    key_sealer = Sealer(secret, "signing keys")
    signer = Signer(key_sealer, issuer=kit.platform.origin, ttl_s=settings.access_ttl_s)
    signing_keys = SigningKeys(
        kit.database,
        signer=signer,
        sealer=key_sealer,
        signs_for=timedelta(seconds=settings.signing_key_ttl_s),
        clock=kit.clock,
    )
    await signing_keys.refresh()
    pairs = Pairs(signer, RefreshTokens(secret), Sealer(secret, "access tokens"))
    passwords = kit.closing.enter_context(
        Passwords(
            settings.password_pepper,
            threads=settings.hashing_threads or default_threads(),
            queue_max=settings.hashing_queue_max,
        )
    )
    sign_in = SignIn(
        kit.database,
        settings=settings,
        passwords=passwords,
        attempts=Attempts(
            kit.limits,
            sign_ins_max=settings.sign_ins_per_address_max,
            registrations_max=settings.registrations_per_address_max,
        ),
        devices=DeviceTokens(secret),
        pairs=pairs,
        clock=kit.clock,
        new_id=kit.new_id,
        random_bytes=secrets.token_bytes,
    )
    sessions = Sessions(
        kit.database,
        settings=settings,
        pairs=pairs,
        verifier=kit.verifier,
        clock=kit.clock,
        new_id=kit.new_id,
    )
    return {
        "sign_in": sign_in,
        "sessions": sessions,
        "signer": signer,
        "signing_keys": signing_keys,
        "permissions": Permissions(_all_permissions()),
        "revocations": Revocations(kit.redis, kit.clock),
        "database": kit.database,
        "clock": kit.clock,
    }


def _all_permissions() -> dict[str, list[str]]:
    """Read what all services declare; `samovar generate` gathers it."""
    text = (resources.files(contract) / "permissions.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, list[str]])


service = Service(
    name="auth",
    summary="Registration and sign-in, sessions and tokens, roles and permissions",
    package=__package__,
    settings=AuthSettings,
    build=build,
    routes=routes_in(api),
    rpc=(Rpc(add_AuthServicer_to_server, AuthRpc),),
    consumers=consumers_in(consumers),
    jobs=jobs_in(jobs),
    publishes=(AccountRegistered, SessionStarted, SessionRevoked, RolesChanged),
)
