"""Telegram: OpenID Connect at oauth.telegram.org, the data of mini apps, and the old widget, all with one subject.

Source: core.telegram.org/bots/telegram-login, core.telegram.org/bots/webapps, core.telegram.org/widgets/login. The subject is
the number that Telegram calls `id`, not `sub` of the ID token: mini apps and the widget know that number alone.
"""

import base64
from collections.abc import Mapping

from samovar.kit.clock import Clock
from samovar.services.auth.providers.adapters import signed_data
from samovar.services.auth.providers.adapters.calls import Calls
from samovar.services.auth.providers.adapters.id_tokens import IdTokens, ProviderKeys
from samovar.services.auth.providers.adapters.port import Title, authorization_url, redemption
from samovar.services.auth.providers.domain import Challenge, Identity, Kind, is_subject
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderUnknown
from samovar.services.auth.providers.settings import ProviderClient, ProviderName

ISSUER = "https://oauth.telegram.org"
ALGORITHMS = ("RS256", "ES256")
SCOPE = "openid profile phone"
INIT_DATA = "init_data"


class Telegram:
    """Without a client secret the person cannot be sent there; without a bot token, a bot's id checks mini apps alone."""

    name: ProviderName = "telegram"
    title = Title(ru="Telegram", en="Telegram")
    kind: Kind = "oidc"

    def __init__(self, client: ProviderClient, calls: Calls, clock: Clock) -> None:
        self.issuer = client.issuer or ISSUER
        self._client_id = client.client_id or ""
        self._secret = client.client_secret
        self._bot_token = client.bot_token
        self._signing_keys = client.signing_keys or signed_data.TELEGRAM_KEYS
        self._authorize_url = client.authorize_url or f"{ISSUER}/auth"
        self._token_url = client.token_url or f"{ISSUER}/token"
        self._calls = calls
        self._clock = clock
        self._id_tokens = IdTokens(
            issuer=self.issuer,
            client_id=self._client_id,
            algorithms=ALGORITHMS,
            keys=ProviderKeys(calls, client.jwks_url or f"{ISSUER}/.well-known/jwks.json"),
            clock=clock,
        )

    def start(self, challenge: Challenge) -> str:
        """Return where to send the person."""
        if self._secret is None:
            raise ProviderUnknown("Telegram has no client secret here: mini apps only")
        return authorization_url(
            self._authorize_url,
            challenge,
            client_id=self._client_id,
            scope=SCOPE,
            nonce=challenge.nonce,
        )

    async def complete(self, params: Mapping[str, str], challenge: Challenge | None) -> Identity:
        """Exchange the code, or check what Telegram has signed."""
        if challenge is None:
            return self._signed(params)
        if self._secret is None:
            raise ProviderUnknown("Telegram has no client secret here: mini apps only")
        credentials = base64.b64encode(f"{self._client_id}:{self._secret.reveal()}".encode()).decode()
        answer = await self._calls.post(
            self._token_url,
            {**redemption(params, challenge), "client_id": self._client_id},
            headers={"Authorization": f"Basic {credentials}"},
        )
        claims = await self._id_tokens.verify(answer.get("id_token"), challenge.nonce)
        subject = str(claims.get("id", ""))
        if not is_subject(subject) or not subject.isdecimal():
            raise ProviderAnswerInvalid("the ID token has no id")
        phone = claims.get("phone_number")
        return Identity(
            provider=self.name,
            subject=subject,
            phone=phone if isinstance(phone, str) else None,
            # Telegram knows no numbers but those that it has confirmed; where the claim stands, it decides.
            phone_verified=isinstance(phone, str) and claims.get("phone_number_verified", True) is True,
            name=_text(claims.get("name")),
            avatar_url=_text(claims.get("picture")),
        )

    def _signed(self, params: Mapping[str, str]) -> Identity:
        now = self._clock.now()
        token = self._bot_token.reveal() if self._bot_token else None
        if INIT_DATA in params:
            fields = signed_data.fields_of(params[INIT_DATA])
            if token:
                signed_data.check_mini_app_hash(fields, token)
            else:
                signed_data.check_signature(fields, self._client_id, self._signing_keys)
            return signed_data.mini_app_identity(self.name, fields, now)
        if token is None:
            raise ProviderUnknown("Telegram's widget needs the bot's token")
        signed_data.check_widget_hash(params, token)
        return signed_data.widget_identity(self.name, params, now)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
