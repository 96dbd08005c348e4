"""Second factors and passkeys, built from their parts: what asks for them, and what their owners do with them."""

import secrets

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.settings import Secret
from samovar.kit.workers import jobs_in
from samovar.services.auth.alerts.rollbacks import Rollbacks
from samovar.services.auth.audit import Audit
from samovar.services.auth.domain import PASSKEY, RECOVERY, TOTP
from samovar.services.auth.factors import api as factors_api
from samovar.services.auth.factors import jobs as factors_jobs
from samovar.services.auth.factors.challenges import Challenges
from samovar.services.auth.factors.enrolment import Enrolment
from samovar.services.auth.factors.use_cases import SecondStep
from samovar.services.auth.passkeys import api as passkeys_api
from samovar.services.auth.passkeys import jobs as passkeys_jobs
from samovar.services.auth.passkeys.assertions import Assertions
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.passkeys.use_cases import Passkeys, PasskeySignIns
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.proof import PasswordProof
from samovar.services.auth.providers.links.entry import Entry
from samovar.services.auth.recovery_codes import api as recovery_codes_api
from samovar.services.auth.recovery_codes import jobs as recovery_codes_jobs
from samovar.services.auth.recovery_codes.minting import Minting
from samovar.services.auth.recovery_codes.use_cases import RecoveryCodeSets
from samovar.services.auth.recovery_codes.using import RecoveryCodeUse
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.sessions.strengthening import Strengthening
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.totp import api as totp_api
from samovar.services.auth.totp import jobs as totp_jobs
from samovar.services.auth.totp.codes import TotpCodes
from samovar.services.auth.totp.use_cases import Totp

routes = tuple(
    route for room in (factors_api, totp_api, recovery_codes_api, passkeys_api) for route in routes_in(room)
)
jobs = tuple(
    job for room in (factors_jobs, totp_jobs, recovery_codes_jobs, passkeys_jobs) for job in jobs_in(room)
)


def build(
    kit: Kit,
    secret: Secret,
    *,
    ceremonies: Ceremonies,
    challenges: Challenges,
    admission: Admission,
    strengthening: Strengthening,
    attempts: Attempts,
    passwords: PasswordProof,
    links: Entry,
    audit: Audit,
) -> tuple[dict[str, object], Rollbacks]:
    """Build what the rooms' handlers and jobs ask for by name, and what can undo changes of these credentials.

    Args:
        kit: The kit.
        secret: Seals the secrets of apps, and makes the hashes of recovery codes.
        ceremonies: Asks passkeys.
        challenges: Sign-ins that wait.
        admission: The way in.
        strengthening: Makes sessions surer.
        attempts: How often one may try.
        passwords: The password once more.
        links: Whether an account can be entered by a provider.
        audit: What happened.
    """
    minting = Minting(secret, random_bytes=secrets.token_bytes)
    enrolment = Enrolment(minting=minting, audit=audit)
    assertions = Assertions(ceremonies)
    totp_sealer = Sealer(secret, "totp secrets")
    totp = Totp(
        kit.database,
        sealer=totp_sealer,
        enrolment=enrolment,
        attempts=attempts,
        passwords=passwords,
        audit=audit,
        clock=kit.clock,
        random_bytes=secrets.token_bytes,
    )
    code_sets = RecoveryCodeSets(kit.database, minting=minting, enrolment=enrolment, clock=kit.clock)
    passkeys = Passkeys(
        kit.database,
        ceremonies=ceremonies,
        enrolment=enrolment,
        links=links,
        audit=audit,
        clock=kit.clock,
        new_id=kit.new_id,
    )
    second_step = SecondStep(
        kit.database,
        challenges=challenges,
        ceremonies=ceremonies,
        factors={PASSKEY: assertions, TOTP: TotpCodes(totp_sealer), RECOVERY: RecoveryCodeUse(minting)},
        admission=admission,
        attempts=attempts,
        passwords=passwords,
        strengthening=strengthening,
        audit=audit,
        clock=kit.clock,
    )
    built = {
        "second_step": second_step,
        "totp": totp,
        "recovery_code_sets": code_sets,
        "passkeys": passkeys,
        "passkey_sign_ins": _passkey_sign_ins(kit, ceremonies, assertions, admission, audit),
    }
    # The codes last: they are none without another factor.
    rollbacks = {"passkey": passkeys.roll_back, "totp": totp.roll_back, "recovery_codes": code_sets.roll_back}
    return built, rollbacks


def _passkey_sign_ins(
    kit: Kit, ceremonies: Ceremonies, assertions: Assertions, admission: Admission, audit: Audit
) -> PasskeySignIns:
    return PasskeySignIns(
        kit.database,
        ceremonies=ceremonies,
        assertions=assertions,
        admission=admission,
        audit=audit,
        clock=kit.clock,
    )
