"""What several rooms of auth stand on, built once for each process; `app` hands it to what it builds of each room."""

import secrets
from dataclasses import dataclass
from importlib import resources

from samovar.kit.i18n import Catalogue
from samovar.kit.runtime import Kit
from samovar.services.auth.alerts.letters import Letters
from samovar.services.auth.audit import Audit
from samovar.services.auth.factors.challenges import Challenges
from samovar.services.auth.pages.cookies import Cookies
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.passkeys.ceremonies import Ceremonies
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.hashing import Passwords, default_threads
from samovar.services.auth.passwords.judging import PasswordRules
from samovar.services.auth.passwords.leaked import LeakedPasswords
from samovar.services.auth.passwords.proof import PasswordProof
from samovar.services.auth.passwords.resets import Resets
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import DeviceTokens, RefreshTokens
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.tokens.signing import Signer

SERVICE = "samovar.services.auth"


@dataclass(frozen=True, kw_only=True)
class Parts:
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
    attempts: Attempts
    audit: Audit
    ceremonies: Ceremonies
    challenges: Challenges
    admission: Admission
    pages: Pages
    forms: Forms
    cookies: Cookies


def parts_of(kit: Kit, settings: AuthSettings, signer: Signer) -> Parts:
    """Build them; what must be closed closes with the kit."""
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
    return Parts(
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
        letters=Letters(
            kit.outgoing,
            Catalogue.load([resources.files(SERVICE) / "locale"]),
            origin=kit.platform.origin,
        ),
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
            new_id=kit.new_id,
            random_bytes=secrets.token_bytes,
        ),
        pages=Pages(Catalogue.load(resources.files(name) / "locale" for name in ("samovar.kit", SERVICE))),
        forms=Forms(secret),
        cookies=Cookies(kit.platform.origin, secrets.token_bytes),
    )
