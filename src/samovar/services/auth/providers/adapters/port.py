"""What every provider is to us."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from samovar.services.auth.providers.domain import Challenge, Identity, Kind
from samovar.services.auth.providers.settings import ProviderName


class Title(msgspec.Struct, frozen=True):
    """What a provider is called on a button."""

    ru: str
    en: str


class Provider(Protocol):
    """An outside identity service.

    Attributes:
        kind: `oidc` and `oauth2` send the person away and get a code back; `signed_data` is handed to us by their app.
        issuer: What the provider calls itself in `iss` (RFC 9207); where its documents do not say, the origin of its page.
    """

    @property
    def name(self) -> ProviderName:
        """The name in our paths and tables."""

    @property
    def title(self) -> Title:
        """What to write on the button."""

    @property
    def kind(self) -> Kind:
        """How it proves."""

    @property
    def issuer(self) -> str:
        """What it calls itself."""

    def start(self, challenge: Challenge) -> str:
        """Return where to send the person.

        Raises:
            ProviderUnknown: This one has no such page.
        """

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Return whom the provider proves.

        Args:
            params: What came back: the query of the callback, or the signed data.
            challenge: What the journey began with; none for signed data.

        Raises:
            ProviderAnswerInvalid: It proves nobody.
            SignedDataStale: It was signed too long ago.
            ProviderAway: The provider does not answer.
            ProviderUnknown: This one proves nothing in this way.
        """


def authorization_url(address: str, challenge: Challenge, *, client_id: str, **more: str) -> str:
    """Return the address of a provider's page with the parameters that all of them take (RFC 6749, section 4.1.1; RFC 7636)."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": challenge.redirect_uri,
        "state": challenge.state,
        "code_challenge": challenge.s256,
        "code_challenge_method": "S256",
        **more,
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query, quote_via=quote)}"


def redemption(params: Mapping[str, str], challenge: Challenge) -> dict[str, str]:
    """Return the form by which a code is exchanged (RFC 6749, section 4.1.3)."""
    return {
        "grant_type": "authorization_code",
        "code": params.get("code", ""),
        "redirect_uri": challenge.redirect_uri,
        "code_verifier": challenge.verifier,
    }


def origin_of(address: str) -> str:
    """Return `https://host` of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
