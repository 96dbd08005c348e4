"""The declaration of auth, and `build`, the only place that builds."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources

from samovar.kit.events import consumers_in
from samovar.kit.i18n import Catalogue
from samovar.kit.identity import Permissions
from samovar.kit.identity.revocations import Revocations
from samovar.kit.routes import routes_in
from samovar.kit.rpc.server import Rpc
from samovar.kit.runtime import Kit, Service
from samovar.kit.workers import jobs_in
from samovar.services.auth import consumers, jobs
from samovar.services.auth.alerts import api as alerts_api
from samovar.services.auth.alerts import consumers as alerts_consumers
from samovar.services.auth.alerts import jobs as alerts_jobs
from samovar.services.auth.alerts.letters import Letters
from samovar.services.auth.alerts.rollbacks import Rollback, Rollbacks
from samovar.services.auth.alerts.telling import Telling
from samovar.services.auth.alerts.use_cases import Alerts
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.events import (
    AccountHeld,
    AccountRegistered,
    CredentialChanged,
    RecoveryCodeUsed,
    RolesChanged,
    SessionRevoked,
    SessionStarted,
    SignInRefused,
)
from samovar.services.auth.contract.v1_pb2_grpc import add_AuthServicer_to_server
from samovar.services.auth.device_code import app as device_code
from samovar.services.auth.devices import api as devices_api
from samovar.services.auth.devices.use_cases import Devices
from samovar.services.auth.factors import app as second_factors
from samovar.services.auth.factors.challenges import Challenges
from samovar.services.auth.logins import consumers as logins_consumers
from samovar.services.auth.logins import jobs as logins_jobs
from samovar.services.auth.logins.use_cases import Logins
from samovar.services.auth.openid import app as openid
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.passwords import api as passwords_api
from samovar.services.auth.passwords import jobs as passwords_jobs
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.hashing import Passwords, default_threads
from samovar.services.auth.passwords.judging import PasswordRules
from samovar.services.auth.passwords.leaked import LeakedPasswords
from samovar.services.auth.passwords.proof import PasswordProof
from samovar.services.auth.passwords.resets import Resets
from samovar.services.auth.passwords.use_cases import PasswordSetting
from samovar.services.auth.personal_data.holdings import HOLDINGS
from samovar.services.auth.providers import app as providers
from samovar.services.auth.providers.adapters.policy import country_policy
from samovar.services.auth.providers.domain import CountryPolicy
from samovar.services.auth.providers.links.use_cases import Links
from samovar.services.auth.roles import app as roles
from samovar.services.auth.roles.declared import declared_permissions
from samovar.services.auth.rpc import AuthRpc
from samovar.services.auth.sessions import api as sessions_api
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.families import Families
from samovar.services.auth.sessions.strengthening import Strengthening
from samovar.services.auth.sessions.use_cases import Sessions
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.sign_in import api as sign_in_api
from samovar.services.auth.sign_in.use_cases import SignIn
from samovar.services.auth.tokens import api as tokens_api
from samovar.services.auth.tokens.opaque import DeviceTokens, RefreshTokens
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.rotation import SigningKeys
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What several rooms stand on."""

    kit: Kit
    settings: AuthSettings
    signer: Signer
    pairs: Pairs
    passwords: Passwords
    password_proof: PasswordProof
    rules: PasswordRules
    resets: Resets
    letters: Letters
    telling: Telling
    attempts: Attempts
    audit: Audit
    ceremonies: Ceremonies
    challenges: Challenges
    admission: Admission


async def build(kit: Kit, settings: AuthSettings) -> Mapping[str, object]:
    """Build what handlers, consumers, jobs and the RPC servicer ask for by name."""
    key_sealer = Sealer(settings.token_secret, "signing keys")
    signer = Signer(key_sealer, issuer=kit.platform.origin, ttl_s=settings.access_ttl_s)
    signing_keys = SigningKeys(
        kit.database,
        signer=signer,
        sealer=key_sealer,
        signs_for=timedelta(seconds=settings.signing_key_ttl_s),
        clock=kit.clock,
    )
    await signing_keys.refresh()
    parts = _parts(kit, settings, signer)
    permissions = Permissions(declared_permissions())
    policy = country_policy(settings)
    outside, links, entry = await providers.build(
        kit,
        settings,
        policy=policy,
        admission=parts.admission,
        attempts=parts.attempts,
        audit=parts.audit,
    )
    factors, rollbacks = second_factors.build(
        kit,
        settings.token_secret,
        ceremonies=parts.ceremonies,
        challenges=parts.challenges,
        admission=parts.admission,
        strengthening=Strengthening(signer, kit.new_id),
        attempts=parts.attempts,
        passwords=parts.password_proof,
        links=entry,
        audit=parts.audit,
    )
    return {
        "sign_in": _sign_in(parts, policy),
        **outside,
        **_sessions(parts),
        **factors,
        **await openid.build(
            kit,
            settings,
            signer=signer,
            pairs=parts.pairs,
            admission=parts.admission,
            audit=parts.audit,
        ),
        **_owner(parts, links, rollbacks),
        **await roles.build(kit, signer=signer, permissions=permissions, audit=parts.audit),
        "signer": signer,
        "signing_keys": signing_keys,
        "permissions": permissions,
        "revocations": Revocations(kit.redis, kit.clock),
        "audit": parts.audit,
        "database": kit.database,
        "clock": kit.clock,
    }


def _parts(kit: Kit, settings: AuthSettings, signer: Signer) -> _Parts:
    secret = settings.token_secret
    pairs = Pairs(signer, RefreshTokens(secret), Sealer(secret, "access tokens"))
    passwords = kit.closing.enter_context(
        Passwords(
            settings.password_pepper,
            threads=settings.hashing_threads or default_threads(),
            queue_max=settings.hashing_queue_max,
        )
    )
    audit = Audit(kit.database, clock=kit.clock, new_id=kit.new_id)
    ceremonies = Ceremonies(origin=kit.platform.origin, random_bytes=secrets.token_bytes)
    challenges = Challenges(ceremonies=ceremonies, new_id=kit.new_id, random_bytes=secrets.token_bytes)
    letters = Letters(
        kit.outgoing,
        Catalogue.load([resources.files(__package__) / "locale"]),
        origin=kit.platform.origin,
    )
    telling = Telling(letters, clock=kit.clock, new_id=kit.new_id, random_bytes=secrets.token_bytes)
    return _Parts(
        kit=kit,
        settings=settings,
        signer=signer,
        pairs=pairs,
        passwords=passwords,
        password_proof=PasswordProof(kit.database, passwords=passwords, audit=audit),
        rules=PasswordRules(
            kit.closing.enter_context(LeakedPasswords(settings.leaked_passwords_file)),
            length_min=settings.password_length_min,
        ),
        resets=Resets(secret, new_id=kit.new_id, random_bytes=secrets.token_bytes),
        letters=letters,
        telling=telling,
        attempts=Attempts(
            kit.limits,
            sign_ins_max=settings.sign_ins_per_address_max,
            registrations_max=settings.registrations_per_address_max,
        ),
        audit=audit,
        ceremonies=ceremonies,
        challenges=challenges,
        admission=Admission(
            settings=settings,
            pairs=pairs,
            device_tokens=DeviceTokens(secret),
            challenges=challenges,
            telling=telling,
            new_id=kit.new_id,
            random_bytes=secrets.token_bytes,
        ),
    )


def _sign_in(parts: _Parts, policy: CountryPolicy) -> SignIn:
    return SignIn(
        parts.kit.database,
        settings=parts.settings,
        passwords=parts.passwords,
        rules=parts.rules,
        policy=policy,
        attempts=parts.attempts,
        admission=parts.admission,
        audit=parts.audit,
        clock=parts.kit.clock,
        new_id=parts.kit.new_id,
    )


def _sessions(parts: _Parts) -> dict[str, object]:
    """Build what shows and ends sessions and devices."""
    kit = parts.kit
    return {
        "sessions": Sessions(
            kit.database,
            settings=parts.settings,
            families=Families(settings=parts.settings, pairs=parts.pairs, new_id=kit.new_id),
            verifier=kit.verifier,
            audit=parts.audit,
            clock=kit.clock,
        ),
        "devices": Devices(kit.database, verifier=kit.verifier, audit=parts.audit, clock=kit.clock),
    }


def _owner(parts: _Parts, links: Links, factors: Rollbacks) -> dict[str, object]:
    """Build what keeps an account in its owner's hands: setting passwords, alerts, holds."""
    kit = parts.kit
    password_setting = PasswordSetting(
        kit.database,
        passwords=parts.passwords,
        rules=parts.rules,
        proof=parts.password_proof,
        resets=parts.resets,
        attempts=parts.attempts,
        device_tokens=DeviceTokens(parts.settings.token_secret),
        letters=parts.letters,
        verifier=kit.verifier,
        audit=parts.audit,
        clock=kit.clock,
        new_id=kit.new_id,
        ways_in={"link": links.roll_back, "passkey": factors["passkey"]},
        phone_region=parts.settings.phone_region,
    )
    logins = Logins(kit.database, audit=parts.audit, clock=kit.clock, new_id=kit.new_id)
    rollbacks: dict[str, Rollback] = {"login": logins.roll_back, "password": password_setting.roll_back}
    rollbacks["link"] = links.roll_back
    alerts = Alerts(
        kit.database,
        settings=parts.settings,
        letters=parts.letters,
        rollbacks=rollbacks | dict(factors),
        resets=parts.resets,
        verifier=kit.verifier,
        audit=parts.audit,
        clock=kit.clock,
    )
    return {
        "telling": parts.telling,
        "logins": logins,
        "password_setting": password_setting,
        "alerts": alerts,
    }


service = Service(
    name="auth",
    summary="Registration and sign-in, sessions and tokens, roles and permissions",
    package=__package__,
    settings=AuthSettings,
    build=build,
    routes=(
        *(
            route
            for room in (
                sign_in_api,
                passwords_api,
                sessions_api,
                devices_api,
                alerts_api,
                tokens_api,
            )
            for route in routes_in(room)
        ),
        *providers.routes,
        *second_factors.routes,
        *openid.routes,
        *device_code.routes,
        *roles.routes,
    ),
    rpc=(Rpc(add_AuthServicer_to_server, AuthRpc), *roles.rpc),
    consumers=(
        *consumers_in(consumers),
        *consumers_in(alerts_consumers),
        *consumers_in(logins_consumers),
        *openid.consumers,
    ),
    permissions={
        "auth.session.read": ("moderator", "support", "admin"),
        "auth.session.end": ("moderator", "support", "admin"),
        **roles.permissions,
    },
    sends_messages=True,
    personal_data=HOLDINGS,
    jobs=(
        *(job for room in (jobs, passwords_jobs, alerts_jobs, logins_jobs) for job in jobs_in(room)),
        *providers.jobs,
        *second_factors.jobs,
        *openid.jobs,
        *device_code.jobs,
        *roles.jobs,
    ),
    publishes=(
        AccountRegistered,
        SessionStarted,
        SessionRevoked,
        RolesChanged,
        CredentialChanged,
        RecoveryCodeUsed,
        AccountHeld,
        SignInRefused,
    ),
)
