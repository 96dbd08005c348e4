"""The way to a provider and back: begun in one browser, ended once, in the same browser, at the same provider.

The state is 32 random bytes; its hash is stored. The nonce and the verifier of PKCE are made from it with a key that is not in the
database, so a copy of the database does not help whoever has caught a code.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.settings import Secret
from samovar.services.auth.providers import domain, repository
from samovar.services.auth.providers.domain import ATTEMPT_LIFETIME, Challenge, InvalidReturn, Mode
from samovar.services.auth.providers.errors import AttemptInvalid, ProviderMixedUp
from samovar.services.auth.providers.repository import Attempt
from samovar.services.auth.providers.settings import ProviderName
from samovar.services.auth.tokens.sealing import derive_key

STATE_BYTES = 32
STATE_LENGTH = 43
COOKIE_PREFIX = "samovar_journey_"
COOKIE_PATH = "/v1/auth/providers"
COOKIES_MAX = 32
_NAME_BYTES = 6


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A journey that has begun.

    Attributes:
        cookie: The value of `Set-Cookie`; it ties the journey to the browser.
    """

    challenge: Challenge
    cookie: str


class Journeys:
    """Begins and ends journeys, in the caller's transaction.

    Args:
        origin: Ours, for the address to which providers send people back. Each provider has its own: that alone defeats a
            mix-up of providers (RFC 9700, section 4.4.2.2).
    """

    def __init__(self, secret: Secret, *, origin: str, random_bytes: Callable[[int], bytes]) -> None:
        self._key = derive_key(secret, "journeys to providers")
        self._origin = origin
        self._random_bytes = random_bytes

    async def begin(
        self,
        tx: Transaction,
        provider: ProviderName,
        *,
        mode: Mode,
        account_id: UUID | None,
        return_to: str | None,
        code_challenge: str | None,
        country: str | None,
        now: datetime,
    ) -> Begun:
        """Begin a journey of a browser."""
        state, browser = _text(self._random_bytes(STATE_BYTES)), _text(self._random_bytes(STATE_BYTES))
        attempt = Attempt(
            provider=provider,
            mode=mode,
            account_id=account_id,
            browser_hash=hashlib.sha256(browser.encode()).digest(),
            return_to=return_to,
            code_challenge=code_challenge,
            country=country,
            expires_at=now + ATTEMPT_LIFETIME,
            used_at=None,
        )
        await repository.insert_attempt(tx, _hash(state), attempt, now)
        # Lax: the way back is a navigation from another site. A name of its own: two tabs do not disturb each other.
        cookie = (
            f"{_cookie_name(state)}={browser}; Path={COOKIE_PATH}; Max-Age={int(ATTEMPT_LIFETIME.total_seconds())}; "
            f"HttpOnly; SameSite=Lax{'; Secure' if self._origin.startswith('https:') else ''}"
        )
        return Begun(challenge=self.challenge_of(state, provider), cookie=cookie)

    async def end(self, tx: Transaction, state: str, now: datetime) -> Attempt | None:
        """Return the journey of a state, and let nobody end it again; none when there is none that goes on."""
        if len(state) != STATE_LENGTH or not state.isascii():
            return None
        attempt = await repository.lock_attempt(tx, _hash(state))
        if attempt is None or attempt.used_at is not None or attempt.expires_at <= now:
            return None
        await repository.use_attempt(tx, _hash(state), now)
        return attempt

    def check(
        self, attempt: Attempt | None, state: str, *, provider: ProviderName, cookies: Mapping[str, str]
    ) -> Attempt:
        """Return a journey that has ended where it should.

        Raises:
            AttemptInvalid: There was none, or it began in another browser.
            ProviderMixedUp: It led to another provider.
        """
        if attempt is None:
            raise AttemptInvalid("the state is unknown, was used, or is too old")
        if attempt.provider != provider:
            raise ProviderMixedUp(f"begun with {attempt.provider}, answered by {provider}")
        if not hmac.compare_digest(
            hashlib.sha256(cookies.get(_cookie_name(state), "").encode()).digest(), attempt.browser_hash
        ):
            raise AttemptInvalid("begun in another browser")
        return attempt

    def challenge_of(self, state: str, provider: ProviderName) -> Challenge:
        """Return what a journey carries."""
        return Challenge(
            state=state,
            nonce=self._derived("nonce", state),
            verifier=self._derived("verifier", state),
            redirect_uri=f"{self._origin}{COOKIE_PATH}/{provider}/callback",
        )

    def _derived(self, what: str, state: str) -> str:
        return _text(hmac.digest(self._key, f"{what}:{state}".encode(), hashlib.sha256))


def check_return(return_to: str | None, code_challenge: str | None) -> None:
    """Refuse an address that is not ours, and a program's address without a challenge: other programs listen there, too.

    Raises:
        InvalidInput: It is one of these.
    """
    try:
        is_loopback = return_to is not None and domain.is_loopback(domain.checked_return(return_to))
    except InvalidReturn:
        raise InvalidInput(
            fields=[FieldError("return_to", "return_not_ours", "a path of ours or a loopback address")]
        ) from None
    if is_loopback and code_challenge is None:
        raise InvalidInput(
            fields=[FieldError("code_challenge", "missing", "a loopback address needs a challenge")]
        )


def is_browser(cookies: Mapping[str, str], browser_hash: bytes) -> bool:
    """Return whether a browser with these cookies is the one in which a journey began."""
    values = [value for name, value in cookies.items() if name.startswith(COOKIE_PREFIX)][:COOKIES_MAX]
    return any(hmac.compare_digest(hashlib.sha256(value.encode()).digest(), browser_hash) for value in values)


def _cookie_name(state: str) -> str:
    return COOKIE_PREFIX + _hash(state)[:_NAME_BYTES].hex()


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
