"""T-ID of T-Bank: OAuth 2.0 with PKCE and a client secret.

Source: developer.tbank.ru/docs/products/scenarios/TID/w2w and …/a2w. What is confirmed, the bank says itself.
"""

import base64
from collections.abc import Mapping

from samovar.services.auth.providers.adapters.calls import Calls
from samovar.services.auth.providers.adapters.port import Title, authorization_url, origin_of, redemption
from samovar.services.auth.providers.domain import Challenge, Identity, Kind, is_subject
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

SITE = "https://id.tbank.ru"


class TId:
    """T-ID; which data comes is agreed with the bank, not asked for by a scope."""

    name: ProviderName = "tid"
    title = Title(ru="T-ID", en="T-ID")
    kind: Kind = "oauth2"

    def __init__(self, client: ProviderClient, calls: Calls) -> None:
        self._client_id = client.client_id or ""
        self._secret = client.client_secret.reveal() if client.client_secret else ""
        self._authorize_url = client.authorize_url or f"{SITE}/auth/authorize"
        self.issuer = client.issuer or origin_of(self._authorize_url)
        self._token_url = client.token_url or f"{SITE}/auth/token"
        self._userinfo_url = client.userinfo_url or f"{SITE}/userinfo/userinfo"
        self._calls = calls

    def __repr__(self) -> str:
        return "TId(…)"

    def start(self, challenge: Challenge) -> str:
        """Return where to send the person."""
        return authorization_url(
            self._authorize_url, challenge, client_id=self._client_id, response_mode="query"
        )

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Exchange the code and ask who it was."""
        if challenge is None:
            raise ProviderUnknown("T-ID signs no data")
        credentials = base64.b64encode(f"{self._client_id}:{self._secret}".encode()).decode()
        tokens = await self._calls.post(
            self._token_url, redemption(params, challenge), headers={"Authorization": f"Basic {credentials}"}
        )
        access_token = tokens.get("access_token")
        if not isinstance(access_token, str) or not access_token.isascii() or not access_token.isprintable():
            raise ProviderAnswerInvalid("T-ID gave no access token")
        user = await self._calls.post(
            self._userinfo_url,
            {"client_id": self._client_id, "client_secret": self._secret},
            headers={"Authorization": f"Bearer {access_token}"},
        )
        subject = user.get("sub")
        if not isinstance(subject, str) or not is_subject(subject):
            raise ProviderAnswerInvalid("T-ID does not say who it was")
        email, phone = user.get("email"), user.get("phone_number")
        return Identity(
            provider=self.name,
            subject=subject,
            email=email if isinstance(email, str) and email else None,
            email_verified=user.get("email_verified") is True,
            phone=phone if isinstance(phone, str) and phone else None,
            phone_verified=user.get("phone_number_verified") is True,
            name=str(user.get("given_name") or user.get("name") or "") or None,
        )
