"""The rules of clients: where they may lead people, what they may ask for, what their secrets are."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

import msgspec

SAMOVAR_DESKTOP = "samovar-desktop"
CLIENTS_PER_OWNER_MAX = 50
URI_LENGTH_MAX = 512
URIS_MAX = 20

AUTHORIZATION_CODE = "authorization_code"
REFRESH_TOKEN = "refresh_token"  # noqa: S105  the name of a grant
CLIENT_CREDENTIALS = "client_credentials"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
GRANT_TYPES = (AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS, DEVICE_CODE)

OPENID, PROFILE, EMAIL, AGE, OFFLINE_ACCESS = "openid", "profile", "email", "age", "offline_access"
SCOPES = (OPENID, PROFILE, EMAIL, AGE, OFFLINE_ACCESS)
"""What a person can let a client know. Tokens number them: add at the end only."""

ApplicationType = Literal["web", "native"]

# Printable ASCII without what a browser reads otherwise than we do: space, quotes, backslash, brackets (but IPv6), `^`, `` ` ``.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
# RFC 8252, section 8.3: the literal addresses, never `localhost`, which may lead elsewhere.
_LOOPBACK = re.compile(r"http://(?P<host>127\.0\.0\.1|\[::1\])(?::(?P<port>\d{1,5}))?(?P<rest>/.*)?")
# RFC 8252, section 7.1: a domain of the developer's own, reversed, so that nobody else's program has it by accident.
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:/{1,2}[^/].*")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_OUR_NAME = re.compile(r"(?i)s\s*a\s*m\s*o\s*v\s*a\s*r|с\s*а\s*м\s*о\s*в\s*а\s*р")
# Letters of the other alphabet that look like ours.
_LATIN, _CYRILLIC = "aceopxykmABCEHKMOPTX", "асеорхукмАВСЕНКМОРТХ"
_TO_CYRILLIC, _TO_LATIN = str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)


class RegisteredClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client as everybody who deals with it needs it; the secrets stay with the registry.

    Attributes:
        first_party: The platform's own: its people get full sessions.
        sector: Within it an account has one `sub`.
    """

    id: str
    name: str
    developer_name: str
    application_type: ApplicationType
    is_confidential: bool
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str | None
    grant_types: tuple[str, ...]
    scopes: tuple[str, ...]
    require_pkce: bool
    first_party: bool
    sector: str
    game_id: str | None = None


def secret_counts(
    presented: bytes,
    *,
    current: bytes | None,
    older: bytes | None,
    older_until: datetime | None,
    now: datetime,
) -> list[bytes]:
    """Return the hashes that a presented secret's hash may equal at `now`; compare in constant time."""
    if current is None or not presented:
        return []
    return [current, older] if older and older_until and now < older_until else [current]


def redirect_fault(uri: str, application_type: ApplicationType) -> str | None:
    """Return the code of the rule that an address to return to breaks, if any (RFC 9700, 4.1; RFC 8252, 7 and 8).

    A site returns to https. A native program may also return to a loopback address or to a scheme of its own.
    """
    if len(uri) > URI_LENGTH_MAX or not _URI.fullmatch(uri) or "#" in uri:
        return "uri_invalid"
    if uri.startswith("https://"):
        return None if _is_plain_https(uri) else "uri_invalid"
    if application_type == "native" and (loopback_of(uri) or _PRIVATE_SCHEME.fullmatch(uri)):
        return None
    return "uri_not_allowed"


def logout_fault(uri: str, *, allow_http: bool) -> str | None:
    """Return the code of the rule that a back-channel address breaks, if any."""
    if len(uri) > URI_LENGTH_MAX or not _URI.fullmatch(uri) or "#" in uri:
        return "uri_invalid"
    if uri.startswith("https://") and _is_plain_https(uri):
        return None
    if allow_http and uri.startswith("http://") and "@" not in uri:
        return None
    return "uri_not_allowed"


def loopback_of(uri: str) -> str | None:
    """Return a loopback address without its port, or none when it is no loopback address."""
    match = _LOOPBACK.fullmatch(uri)
    if not match or "@" in uri or int(match["port"] or 1) not in range(1, 65_536):
        return None
    return f"http://{match['host']}{match['rest'] or '/'}"


def redirect_matches(uri: str, client: RegisteredClient) -> bool:
    """Return whether a client registered exactly this address; for loopback, whatever the port (RFC 8252, section 7.3)."""
    return _matches(uri, client.redirect_uris, client.application_type)


def logout_matches(uri: str, client: RegisteredClient) -> bool:
    """Return whether a client registered exactly this address for after a sign-out."""
    return _matches(uri, client.post_logout_redirect_uris, client.application_type)


def leads_to(uri: str) -> str:
    """Return where an address leads, as a content security policy names it: its origin, or its own scheme."""
    parts = urlsplit(uri)
    # A policy cannot name an IPv6 address.
    if parts.scheme not in {"https", "http"} or "[" in parts.netloc:
        return f"{parts.scheme}:"
    return f"{parts.scheme}://{parts.netloc}"


def shown_place(uri: str) -> str | None:
    """Return the host that a person is led to, to be shown to them; none for their own device."""
    return urlsplit(uri).hostname if uri.startswith("https://") else None


def is_impostor(name: str) -> bool:
    """Return whether a name could be taken for the platform's own."""
    return any(_OUR_NAME.search(name.translate(table)) for table in ({}, _TO_CYRILLIC, _TO_LATIN))


def is_easily_copied(client: RegisteredClient, redirect_uri: str) -> bool:
    """Return whether any program could pass for this client (RFC 8252, section 8.6): then a person is asked each time."""
    return not client.is_confidential and not redirect_uri.startswith("https://")


def sector_of(owner_id: str, organisation_id: str | None) -> str:
    """Return the sector of a developer's clients that no role in an organisation vouches for: it counts within the account."""
    return f"{owner_id}/{organisation_id}" if organisation_id else owner_id


def granted(asked: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    """Return what of the asked scopes is allowed, in our order and once."""
    return tuple(scope for scope in SCOPES if scope in asked and scope in allowed)


def _matches(uri: str, known: Sequence[str], application_type: ApplicationType) -> bool:
    if uri in known:
        return True
    if application_type != "native" or "#" in uri or not _URI.fullmatch(uri):
        return False
    wanted = loopback_of(uri)
    return wanted is not None and any(loopback_of(one) == wanted for one in known)


def _is_plain_https(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    written = f"{host}:{port}" if port is not None else host
    # Exact as written: no user, no upper case, nothing that another parser reads otherwise.
    return bool(_HOST.fullmatch(host)) and parts.netloc == written and port != 0
