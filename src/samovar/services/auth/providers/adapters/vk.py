"""VK ID: OAuth 2.1 with PKCE and a device id that comes back with the code.

Source: id.vk.com/about/business/go/docs/ru/vkid/latest/vk-id/connection/api-integration/api-description. VK takes dots out of
`state`, so ours has none; and it gives an address without saying whether it was confirmed, so it counts as unconfirmed.
"""

import hmac
from collections.abc import Mapping

from samovar.services.auth.providers.adapters.calls import Calls
from samovar.services.auth.providers.adapters.port import Title, authorization_url, origin_of, redemption
from samovar.services.auth.providers.domain import Challenge, Identity, Kind
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

SITE = "https://id.vk.com"
SCOPE = "vkid.personal_info email phone"
DEVICE_ID_LENGTH_MAX = 512


class Vk:
    """VK ID; a secret is not needed, because the code counts with the verifier and the device id alone."""

    name: ProviderName = "vk"
    title = Title(ru="VK ID", en="VK ID")
    kind: Kind = "oauth2"

    def __init__(self, client: ProviderClient, calls: Calls) -> None:
        self._client_id = client.client_id or ""
        self._authorize_url = client.authorize_url or f"{SITE}/authorize"
        self.issuer = client.issuer or origin_of(self._authorize_url)
        self._token_url = client.token_url or f"{SITE}/oauth2/auth"
        self._userinfo_url = client.userinfo_url or f"{SITE}/oauth2/user_info"
        self._calls = calls

    def start(self, challenge: Challenge) -> str:
        """Return where to send the person."""
        return authorization_url(self._authorize_url, challenge, client_id=self._client_id, scope=SCOPE)

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Exchange the code and ask who it was."""
        if challenge is None:
            raise ProviderUnknown("VK ID signs no data")
        device_id = params.get("device_id", "")
        if not 0 < len(device_id) <= DEVICE_ID_LENGTH_MAX:
            raise ProviderAnswerInvalid("VK ID came back without a device id")
        tokens = await self._calls.post(
            self._token_url,
            {
                **redemption(params, challenge),
                "client_id": self._client_id,
                "device_id": device_id,
                "state": challenge.state,
            },
        )
        returned = str(tokens.get("state", challenge.state))
        if not hmac.compare_digest(returned.encode(), challenge.state.encode()):
            raise ProviderAnswerInvalid("VK ID answered for another state")
        access_token = tokens.get("access_token")
        if not isinstance(access_token, str):
            raise ProviderAnswerInvalid("VK ID gave no access token")
        answer = await self._calls.post(
            self._userinfo_url, {"client_id": self._client_id, "access_token": access_token}
        )
        found = answer.get("user")
        user: dict[str, object] = found if isinstance(found, dict) else {}
        subject = str(user.get("user_id", ""))
        # Both answers name the person; two names mean that one of the answers is not ours.
        if not subject.isdecimal() or str(tokens.get("user_id", subject)) != subject:
            raise ProviderAnswerInvalid("VK ID does not say who it was")
        said = {name: str(value) for name, value in user.items() if value}
        name = " ".join(said[part] for part in ("first_name", "last_name") if part in said)
        phone = said.get("phone")
        return Identity(
            provider=self.name,
            subject=subject,
            email=said.get("email"),
            phone=phone if phone is None or phone.startswith("+") else f"+{phone}",
            # A VK ID stands on a phone number that VK has confirmed by a message.
            phone_verified=phone is not None,
            name=name or None,
            avatar_url=said.get("avatar"),
        )
