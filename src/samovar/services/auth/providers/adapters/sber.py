"""Sber ID: OpenID Connect behind a client certificate.

Source: developers.sber.ru/docs/ru/sberid (authorisation code, «Запрос access token и id token», «Запрос userinfo»). The ID token is
signed by ГОСТ Р 34.10-2012, which only certified software checks. It counts because it comes over mutual TLS straight from
the bank's token address (OpenID Connect Core, section 3.1.3.7, rule 6); its claims are checked all the same.
"""

import hashlib
from collections.abc import Mapping

from samovar.kit.clock import Clock
from samovar.services.auth.providers.adapters.calls import Calls
from samovar.services.auth.providers.adapters.id_tokens import IdTokens
from samovar.services.auth.providers.adapters.port import Title, authorization_url, redemption
from samovar.services.auth.providers.domain import Challenge, Identity, Kind, is_subject
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

ISSUER = "https://id.sber.ru"
AUTHORIZE_URL = "https://id.sber.ru/CSAFront/oidc/authorize.do"
TOKEN_URL = "https://oauth.sber.ru/ru/prod/tokens/v2/oidc"  # noqa: S105  an address
USERINFO_URL = "https://oauth.sber.ru/ru/prod/sberbankid/v2.1/userinfo"
ALGORITHMS = ("gost34.10-2012", "gost34-10.2012")
SCOPE = "openid name email mobile"
_REQUEST_ID_LENGTH = 32


class Sber:
    """Sber ID; the calls go over a session that shows the client's certificate."""

    name: ProviderName = "sber"
    title = Title(ru="Сбер ID", en="Sber ID")
    kind: Kind = "oidc"

    def __init__(self, client: ProviderClient, calls: Calls, clock: Clock) -> None:
        self.issuer = client.issuer or ISSUER
        self._client_id = client.client_id or ""
        self._secret = client.client_secret.reveal() if client.client_secret else ""
        self._authorize_url = client.authorize_url or AUTHORIZE_URL
        self._token_url = client.token_url or TOKEN_URL
        self._userinfo_url = client.userinfo_url or USERINFO_URL
        self._calls = calls
        self._id_tokens = IdTokens(
            issuer=self.issuer,
            client_id=self._client_id,
            algorithms=ALGORITHMS,
            keys=None,
            clock=clock,
        )

    def __repr__(self) -> str:
        return "Sber(…)"

    def start(self, challenge: Challenge) -> str:
        """Return where to send the person."""
        return authorization_url(
            self._authorize_url,
            challenge,
            client_id=self._client_id,
            scope=SCOPE,
            nonce=challenge.nonce,
        )

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Exchange the code, check the claims and ask who it was."""
        if challenge is None:
            raise ProviderUnknown("Sber ID signs no data")
        request_id = _request_id(challenge)
        answer = await self._calls.post(
            self._token_url,
            {
                **redemption(params, challenge),
                "client_id": self._client_id,
                "client_secret": self._secret,
            },
            headers={"rquid": request_id},
        )
        claims = await self._id_tokens.verify(answer.get("id_token"), challenge.nonce)
        access_token = answer.get("access_token")
        if not isinstance(access_token, str) or not access_token.isascii() or not access_token.isprintable():
            raise ProviderAnswerInvalid("Sber ID gave no access token")
        user = await self._calls.get(
            self._userinfo_url,
            headers={"Authorization": f"Bearer {access_token}", "x-introspect-rquid": request_id},
        )
        subject = user.get("sub")
        if not isinstance(subject, str) or not is_subject(subject) or subject != claims.get("sub"):
            raise ProviderAnswerInvalid("Sber ID does not say who it was, or says it in two ways")
        email, phone = user.get("email"), user.get("phone_number")
        return Identity(
            provider=self.name,
            subject=subject,
            email=email if isinstance(email, str) and email else None,
            phone=phone if isinstance(phone, str) and phone else None,
            # The number of a bank's client is the one to which the bank sends its codes.
            phone_verified=isinstance(phone, str) and bool(phone),
            name=str(user.get("given_name") or "") or None,
        )


def _request_id(challenge: Challenge) -> str:
    """Return 32 hexadecimal digits by which the bank finds this exchange in its journal."""
    return hashlib.sha256(f"rquid:{challenge.state}".encode()).hexdigest()[:_REQUEST_ID_LENGTH]
