"""The rules of outside sign-in, as pure functions: what a provider proves, where a person may return to, what a country allows."""

import base64
import hashlib
import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import msgspec

from samovar.services.auth.domain import InvalidLogin, Login, email_login, phone_login
from samovar.services.auth.providers.settings import ProviderName

Kind = Literal["oidc", "oauth2", "signed_data"]
Mode = Literal["sign_in", "link"]
Standing = Literal["first", "link", "no"]

# A person types a password and a code at the provider in this time; RFC 9700 wants the state short-lived.
ATTEMPT_LIFETIME = timedelta(minutes=10)
# Between two requests of one client.
CODE_LIFETIME = timedelta(seconds=60)
TICKET_LIFETIME = timedelta(minutes=2)
# A person reads the terms and chooses a name in this time.
REGISTRATION_LIFETIME = timedelta(minutes=15)
SIGNED_DATA_AGE_MAX = timedelta(minutes=5)
# Clocks of two honest servers differ.
CLOCK_SKEW = timedelta(seconds=60)

RETURN_TO_LENGTH_MAX = 512
SUBJECT_LENGTH_MAX = 255
NAME_LENGTH_MAX = 64
UNKNOWN_COUNTRY = "*"
_SUBJECT = re.compile(rf"[\x21-\x7e]{{1,{SUBJECT_LENGTH_MAX}}}")
_PORT_MAX = 65_535


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a provider has proved.

    Attributes:
        subject: The provider's own id of the person; it never passes to somebody else.
        email: As the provider gave it; `email_verified` only where the provider says so itself.
        phone: As the provider gave it.
        name: What the person is called there.
        avatar_url: Their picture there.
        seen: A digest of data that the provider signed and that counts once; none where a code did that.
        seen_until: When such data would be refused for its age anyway.
    """

    provider: ProviderName
    subject: str
    email: str | None = None
    email_verified: bool = False
    phone: str | None = None
    phone_verified: bool = False
    name: str | None = None
    avatar_url: str | None = None
    seen: bytes | None = None
    seen_until: datetime | None = None

    def __repr__(self) -> str:
        return f"Identity({self.provider})"


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """What one journey to a provider carries; all of it is made from the state, so that nothing is stored in the clear.

    Attributes:
        state: Comes back with the person.
        nonce: Comes back inside the ID token.
        verifier: The secret half of PKCE (RFC 7636); it leaves us for the provider's token address alone.
        redirect_uri: Where the provider sends the person.
    """

    state: str
    nonce: str
    verifier: str
    redirect_uri: str

    def __repr__(self) -> str:
        return "Challenge(…)"

    @property
    def s256(self) -> str:
        """The public half of PKCE."""
        return s256(self.verifier)


class InvalidReturn(ValueError):
    """The address is neither a path of ours nor a loopback address."""


def s256(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def is_subject(text: str) -> bool:
    """Return whether a provider's id of a person can be kept: visible ASCII, not too long."""
    return _SUBJECT.fullmatch(text) is not None


def checked_return(text: str) -> str:
    """Return `return_to` when a person may be sent there.

    A path of our own origin, or `http://127.0.0.1:port/…` and `http://[::1]:port/…` of a program on the person's machine
    (RFC 8252, section 7.3). `localhost` is not taken: a name can be made to lead elsewhere (section 8.3).

    Raises:
        InvalidReturn: It is anything else.
    """
    if (
        len(text) > RETURN_TO_LENGTH_MAX
        or not text.isascii()
        or not text.isprintable()
        or set(text) & set(' \\"<>')
    ):
        raise InvalidReturn(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise InvalidReturn(text) from None
    if parts.fragment:
        raise InvalidReturn(text)
    if text.startswith("/") and not text.startswith("//") and not parts.netloc:
        return text
    if parts.scheme != "http" or parts.username is not None or parts.password is not None or not port:
        raise InvalidReturn(text)
    if not is_loopback(text) or port > _PORT_MAX:
        raise InvalidReturn(text)
    return text


def is_loopback(return_to: str) -> bool:
    """Return whether an address leads to a program on the person's own machine."""
    try:
        host = urlsplit(return_to).hostname
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return str(address) in {"127.0.0.1", "::1"}


def with_answer(return_to: str, **answer: str) -> str:
    """Return `return_to` with the parameters of our answer behind its own."""
    parts = urlsplit(return_to)
    query = "&".join(part for part in (parts.query, urlencode(answer, quote_via=quote)) if part)
    return urlunsplit(parts._replace(query=query))


def shown_name(identity: Identity) -> str | None:
    """Return the name that a provider gave, as far as it can be shown: on one line, visible, not too long."""
    name = " ".join("".join(sign for sign in identity.name or "" if sign.isprintable()).split())
    return name[:NAME_LENGTH_MAX].strip() or None


def proven_login(identity: Identity, region: str) -> Login | None:
    """Return the login that a provider has verified, the address before the number; none where it says nothing of the kind."""
    candidates = (
        (identity.email if identity.email_verified else None, email_login),
        (identity.phone if identity.phone_verified else None, lambda text: phone_login(text, region)),
    )
    for text, normalise in candidates:
        try:
            if text:
                return normalise(text)
        except InvalidLogin:
            continue
    return None


class CountryRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the methods of signing in are good for in one country: `first`, `link` or `no`; a method that is missing is `no`."""

    methods: Mapping[str, Standing]


class SignInPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which method may be a first factor in which country; see `policy.toml`.

    Attributes:
        version: Goes into the audit with each decision.
        countries: By ISO 3166-1 alpha-2; `*` is every other country.
    """

    version: str
    countries: Mapping[str, CountryRules]

    def __post_init__(self) -> None:
        """Refuse a table that is silent about most countries."""
        if UNKNOWN_COUNTRY not in self.countries:
            raise ValueError(f"the policy has no row {UNKNOWN_COUNTRY!r} for all other countries")

    def standing(self, method: str, country: str, *, demoted: frozenset[str] = frozenset()) -> Standing:
        """Return what a method is good for in a country; `demoted` are those that the operator keeps for linking."""
        rules = self.countries.get(country) or self.countries[UNKNOWN_COUNTRY]
        standing = rules.methods.get(method, "no")
        return "link" if standing == "first" and method in demoted else standing


class Decision(msgspec.Struct, frozen=True):
    """What a provider is good for, and by which table; this goes into the audit."""

    standing: Standing
    country: str
    policy: str


class CountryPolicy:
    """Decides by the table and the operator's settings.

    Args:
        home: The country of whoever has not said theirs.
        demoted: Methods that the operator keeps for linking.
    """

    def __init__(self, table: SignInPolicy, *, home: str, demoted: frozenset[str]) -> None:
        self._table = table
        self._home = home
        self._demoted = demoted

    def decide(self, method: str, *countries: str | None) -> Decision:
        """Return what a method is good for in the first country that is known: what the person says comes before what they said."""
        country = next((one for one in countries if one), self._home)
        return Decision(
            self._table.standing(method, country, demoted=self._demoted), country, self._table.version
        )
