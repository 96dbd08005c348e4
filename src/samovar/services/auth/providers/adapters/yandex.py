"""Yandex ID: OAuth 2.0 with PKCE.

Source: yandex.ru/dev/id/doc/ru/codes/code-url, yandex.ru/dev/id/doc/ru/user-information. `default_email` is whichever address the
person chose; it counts as confirmed only where it is a mailbox of Yandex itself.
"""

import hashlib
from collections.abc import Mapping

from samovar.services.auth.providers.adapters.calls import Calls
from samovar.services.auth.providers.adapters.port import Title, authorization_url, origin_of, redemption
from samovar.services.auth.providers.domain import Challenge, Identity, Kind, is_subject
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

AUTHORIZE_URL = "https://oauth.yandex.ru/authorize"
TOKEN_URL = "https://oauth.yandex.ru/token"  # noqa: S105  an address
USERINFO_URL = "https://login.yandex.ru/info?format=json"
AVATAR_URL = "https://avatars.yandex.net/get-yapic/{}/islands-200"
OPTIONAL_SCOPE = "login:email login:info login:avatar login:default_phone"
OWN_DOMAINS = frozenset({"yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "narod.ru"})
DEVICE_NAME = "Samovar"
_DEVICE_ID_LENGTH = 32


class Yandex:
    """Yandex ID."""

    name: ProviderName = "yandex"
    title = Title(ru="Яндекс ID", en="Yandex ID")
    kind: Kind = "oauth2"

    def __init__(self, client: ProviderClient, calls: Calls) -> None:
        self._client_id = client.client_id or ""
        self._secret = client.client_secret
        self._authorize_url = client.authorize_url or AUTHORIZE_URL
        self.issuer = client.issuer or origin_of(self._authorize_url)
        self._token_url = client.token_url or TOKEN_URL
        self._userinfo_url = client.userinfo_url or USERINFO_URL
        self._calls = calls

    def start(self, challenge: Challenge) -> str:
        """Return where to send the person."""
        return authorization_url(
            self._authorize_url,
            challenge,
            client_id=self._client_id,
            optional_scope=OPTIONAL_SCOPE,
            device_id=_device_id(challenge),
            device_name=DEVICE_NAME,
        )

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Exchange the code and ask who it was."""
        if challenge is None:
            raise ProviderUnknown("Yandex ID signs no data")
        form = {
            **redemption(params, challenge),
            "client_id": self._client_id,
            "device_id": _device_id(challenge),
            "device_name": DEVICE_NAME,
        }
        if self._secret:
            form["client_secret"] = self._secret.reveal()
        tokens = await self._calls.post(self._token_url, form)
        access_token = tokens.get("access_token")
        if not isinstance(access_token, str) or not access_token.isascii() or not access_token.isprintable():
            raise ProviderAnswerInvalid("Yandex ID gave no access token")
        user = await self._calls.get(self._userinfo_url, headers={"Authorization": f"OAuth {access_token}"})
        subject = str(user.get("id", ""))
        # A token of another application would sign people in whom that application has seen.
        if not is_subject(subject) or user.get("client_id") != self._client_id:
            raise ProviderAnswerInvalid("Yandex ID does not say who it was, or for whom")
        email, number = user.get("default_email"), user.get("default_phone")
        phone = number.get("number") if isinstance(number, dict) else None
        avatar = None if user.get("is_avatar_empty", True) else user.get("default_avatar_id")
        return Identity(
            provider=self.name,
            subject=subject,
            email=email if isinstance(email, str) and email else None,
            email_verified=isinstance(email, str) and email.rpartition("@")[2].lower() in OWN_DOMAINS,
            phone=phone if isinstance(phone, str) and phone else None,
            name=str(user.get("display_name") or user.get("real_name") or "") or None,
            avatar_url=AVATAR_URL.format(avatar)
            if isinstance(avatar, str) and avatar.replace("/", "").isalnum()
            else None,
        )


def _device_id(challenge: Challenge) -> str:
    """Return a device id of this journey alone (6 to 50 characters): Yandex keeps 30 tokens a person, one for each device."""
    return hashlib.sha256(f"device:{challenge.state}".encode()).hexdigest()[:_DEVICE_ID_LENGTH]
