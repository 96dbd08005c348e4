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
from samovar.services.auth import consumers, contract, jobs
from samovar.services.auth.alerts import api as alerts_api
from samovar.services.auth.alerts import consumers as alerts_consumers
from samovar.services.auth.alerts import jobs as alerts_jobs
from samovar.services.auth.alerts.use_cases import Alerts
from samovar.services.auth.assembly.parts import Parts, parts_of
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
from samovar.services.auth.domain import PASSKEY, RECOVERY, TOTP
from samovar.services.auth.factors import api as factors_api
from samovar.services.auth.factors import jobs as factors_jobs
from samovar.services.auth.factors.enrolment import Enrolment
from samovar.services.auth.factors.use_cases import SecondStep
from samovar.services.auth.logins import consumers as logins_consumers
from samovar.services.auth.logins import jobs as logins_jobs
from samovar.services.auth.logins.use_cases import Logins
from samovar.services.auth.passkeys import api as passkeys_api
from samovar.services.auth.passkeys import jobs as passkeys_jobs
from samovar.services.auth.passkeys.assertions import Assertions
from samovar.services.auth.passkeys.use_cases import Passkeys, PasskeySignIns
from samovar.services.auth.passwords import api as passwords_api
from samovar.services.auth.passwords import jobs as passwords_jobs
from samovar.services.auth.passwords.use_cases import PasswordSetting
from samovar.services.auth.providers import api as providers_api
from samovar.services.auth.providers import jobs as providers_jobs
from samovar.services.auth.providers.adapters import registry
from samovar.services.auth.providers.adapters.policy import country_policy
from samovar.services.auth.providers.arrival import Arrival
from samovar.services.auth.providers.journeys import Journeys
from samovar.services.auth.providers.links import api as links_api
from samovar.services.auth.providers.links.entry import Entry
from samovar.services.auth.providers.links.linking import Linking
from samovar.services.auth.providers.links.use_cases import Links
from samovar.services.auth.providers.one_time import OneTimeTokens
from samovar.services.auth.providers.use_cases import ProviderSignIn
from samovar.services.auth.recovery_codes import api as recovery_codes_api
from samovar.services.auth.recovery_codes.minting import Minting
from samovar.services.auth.recovery_codes.use_cases import RecoveryCodeSets
from samovar.services.auth.recovery_codes.using import RecoveryCodeUse
from samovar.services.auth.rpc import AuthRpc
from samovar.services.auth.sessions import api as sessions_api
from samovar.services.auth.sessions.families import Families
from samovar.services.auth.sessions.strengthening import Strengthening
from samovar.services.auth.sessions.use_cases import Sessions
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.sign_in import api as sign_in_api
from samovar.services.auth.sign_in.use_cases import SignIn
from samovar.services.auth.tokens import api as tokens_api
from samovar.services.auth.tokens.rotation import SigningKeys
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer
from samovar.services.auth.totp import api as totp_api
from samovar.services.auth.totp import jobs as totp_jobs
from samovar.services.auth.totp.codes import TotpCodes
from samovar.services.auth.totp.use_cases import Totp


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
    parts = parts_of(kit, settings, signer)
    links, provider_sign_in, entry = await _providers(parts)
    return {
        **_ways_in(parts),
        **_second_factors(parts, entry),
        "provider_sign_in": provider_sign_in,
        "links": links,
        **_sessions(parts),
        **device_code.build(kit, settings, admission=parts.admission, audit=parts.audit),
        **_owner(parts, links),
        "signer": signer,
        "signing_keys": signing_keys,
        "permissions": Permissions(_all_permissions()),
        "revocations": Revocations(kit.redis, kit.clock),
        "audit": parts.audit,
        "pages": parts.pages,
        "forms": parts.forms,
        "cookies": parts.cookies,
        "database": kit.database,
        "clock": kit.clock,
    }


def _ways_in(parts: Parts) -> dict[str, object]:
    """Build what lets people in: the password."""
    kit = parts.kit
    return {
        "sign_in": SignIn(
            kit.database,
            settings=parts.settings,
            passwords=parts.passwords,
            rules=parts.rules,
            attempts=parts.attempts,
            admission=parts.admission,
            audit=parts.audit,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }


def _second_factors(parts: Parts, links: Entry) -> dict[str, object]:
    """Build the kinds of second factors, what asks for them, and what their owners do with them."""
    kit, secret = parts.kit, parts.settings.token_secret
    minting = Minting(secret, random_bytes=secrets.token_bytes)
    enrolment = Enrolment(minting=minting, audit=parts.audit)
    assertions = Assertions(parts.ceremonies)
    totp_sealer = Sealer(secret, "totp secrets")
    return {
        "second_step": SecondStep(
            kit.database,
            challenges=parts.challenges,
            ceremonies=parts.ceremonies,
            factors={
                PASSKEY: assertions,
                TOTP: TotpCodes(totp_sealer),
                RECOVERY: RecoveryCodeUse(minting),
            },
            admission=parts.admission,
            attempts=parts.attempts,
            passwords=parts.password_proof,
            strengthening=Strengthening(parts.signer, kit.new_id),
            audit=parts.audit,
            clock=kit.clock,
        ),
        "totp": Totp(
            kit.database,
            sealer=totp_sealer,
            enrolment=enrolment,
            attempts=parts.attempts,
            passwords=parts.password_proof,
            audit=parts.audit,
            clock=kit.clock,
            random_bytes=secrets.token_bytes,
        ),
        "recovery_code_sets": RecoveryCodeSets(
            kit.database, minting=minting, enrolment=enrolment, clock=kit.clock
        ),
        **_passkeys(parts, assertions, enrolment, links),
    }


def _passkeys(parts: Parts, assertions: Assertions, enrolment: Enrolment, links: Entry) -> dict[str, object]:
    kit = parts.kit
    return {
        "passkey_sign_ins": PasskeySignIns(
            kit.database,
            ceremonies=parts.ceremonies,
            assertions=assertions,
            admission=parts.admission,
            audit=parts.audit,
            clock=kit.clock,
        ),
        "passkeys": Passkeys(
            kit.database,
            ceremonies=parts.ceremonies,
            enrolment=enrolment,
            links=links,
            audit=parts.audit,
            clock=kit.clock,
            new_id=kit.new_id,
        ),
    }


async def _providers(parts: Parts) -> tuple[Links, ProviderSignIn, Entry]:
    """Build what lets people in by outside identity services, and ties these to accounts."""
    kit, settings = parts.kit, parts.settings
    providers = await registry.build(
        settings.providers,
        timeout_s=settings.provider_timeout_s,
        in_production=kit.platform.environment == "production",
        clock=kit.clock,
        closing=kit.closing,
    )
    policy = country_policy(settings)
    entry = Entry(providers, policy)
    linking = Linking(parts.audit)
    tokens = OneTimeTokens(Sealer(settings.token_secret, "provider tokens"), random_bytes=secrets.token_bytes)
    links = Links(
        kit.database,
        providers=providers,
        policy=policy,
        tokens=tokens,
        linking=linking,
        entry=entry,
        audit=parts.audit,
        clock=kit.clock,
        new_id=kit.new_id,
        origin=kit.platform.origin,
    )
    arrival = Arrival(
        kit.database,
        policy=policy,
        tokens=tokens,
        linking=linking,
        admission=parts.admission,
        audit=parts.audit,
        clock=kit.clock,
        new_id=kit.new_id,
    )
    provider_sign_in = ProviderSignIn(
        kit.database,
        providers=providers,
        policy=policy,
        journeys=Journeys(
            settings.token_secret, origin=kit.platform.origin, random_bytes=secrets.token_bytes
        ),
        tokens=tokens,
        linking=linking,
        arrival=arrival,
        attempts=parts.attempts,
        audit=parts.audit,
        clock=kit.clock,
    )
    return links, provider_sign_in, entry


def _sessions(parts: Parts) -> dict[str, object]:
    """Build what shows and ends sessions and devices."""
    kit = parts.kit
    families = Families(settings=parts.settings, pairs=parts.pairs, new_id=kit.new_id)
    return {
        "sessions": Sessions(
            kit.database,
            settings=parts.settings,
            families=families,
            verifier=kit.verifier,
            audit=parts.audit,
            clock=kit.clock,
        ),
        "devices": Devices(kit.database, verifier=kit.verifier, audit=parts.audit, clock=kit.clock),
    }


def _owner(parts: Parts, links: Links) -> dict[str, object]:
    """Build what keeps an account in its owner's hands: setting passwords, alerts, holds."""
    kit = parts.kit
    password_setting = PasswordSetting(
        kit.database,
        passwords=parts.passwords,
        rules=parts.rules,
        proof=parts.password_proof,
        resets=parts.resets,
        attempts=parts.attempts,
        letters=parts.letters,
        verifier=kit.verifier,
        audit=parts.audit,
        clock=kit.clock,
        new_id=kit.new_id,
        links=links.roll_back,
        phone_region=parts.settings.phone_region,
    )
    logins = Logins(kit.database, audit=parts.audit, clock=kit.clock, new_id=kit.new_id)
    alerts = Alerts(
        kit.database,
        settings=parts.settings,
        letters=parts.letters,
        rollbacks={
            "login": logins.roll_back,
            "password": password_setting.roll_back,
            "link": links.roll_back,
        },
        resets=parts.resets,
        verifier=kit.verifier,
        audit=parts.audit,
        clock=kit.clock,
        new_id=kit.new_id,
        random_bytes=secrets.token_bytes,
    )
    return {"logins": logins, "password_setting": password_setting, "alerts": alerts}


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
    routes=(
        *(
            route
            for room in (
                sign_in_api,
                providers_api,
                links_api,
                factors_api,
                totp_api,
                recovery_codes_api,
                passkeys_api,
                passwords_api,
                sessions_api,
                devices_api,
                alerts_api,
                tokens_api,
            )
            for route in routes_in(room)
        ),
        *device_code.routes,
    ),
    rpc=(Rpc(add_AuthServicer_to_server, AuthRpc),),
    consumers=(*consumers_in(consumers), *consumers_in(alerts_consumers), *consumers_in(logins_consumers)),
    permissions={
        "auth.session.read": ("moderator", "support", "admin"),
        "auth.session.end": ("moderator", "support", "admin"),
    },
    sends_messages=True,
    jobs=(
        *(
            job
            for room in (
                jobs,
                factors_jobs,
                totp_jobs,
                passkeys_jobs,
                passwords_jobs,
                providers_jobs,
                alerts_jobs,
                logins_jobs,
            )
            for job in jobs_in(room)
        ),
        *device_code.jobs,
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
