"""The phone gateway: what stands between us and an operator of text messages and calls. Its protocol is ours, and small.

    POST <phone_gateway_url>            Authorization: Bearer <token>
    {"id": "…", "kind": "sms", "to": "+79123456789", "text": "…"}
    {"id": "…", "kind": "flash_call" | "voice_call" | "reverse_call", "to": "+79123456789", "code": "1234"}

- 2xx: taken. The gateway remembers the `id` for a day: a repetition of it is answered like the first and sends nothing.
- 408, 425, 429, 5xx and a lost connection: we come again with the same `id`; `Retry-After` in seconds is heeded.
- any other status: refused for good.

After a `reverse_call` was taken, `GET <phone_gateway_url>/<id>` answers `{"called": true}` once that phone has called the number
that belongs to the gateway. The token is the user of the address: `https://token@gateway.example.org/v1/messages`.
"""

from http import HTTPStatus
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiohttp
import msgspec

from samovar.kit.errors import Unavailable
from samovar.kit.messages.outcomes import Refused, TryAgain
from samovar.kit.messages.outgoing import Call, Claimed, Mail
from samovar.kit.settings import Secret, SettingsError, variable_of

TIMEOUT_S = 10.0
ANSWER_BYTES_MAX = 4_096
PAUSE_MAX_S = 3_600.0
_MAY_PASS = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class _Called(msgspec.Struct, frozen=True):
    called: bool


class PhoneGateway:
    """Hands text messages and calls to the gateway at one address."""

    def __init__(self, url: Secret) -> None:
        parts = urlsplit(url.reveal())
        if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.username:
            variable = variable_of("platform", "phone_gateway_url")
            raise SettingsError(f"{variable} must be https://token@host/path")
        self._url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")
        self._token = Secret(unquote(parts.username))

    async def deliver(self, claimed: Claimed) -> None:
        """Hand a message over.

        Raises:
            Refused: The gateway will never take it.
            TryAgain: The gateway is away or busy, or its answer was lost.
        """
        message = claimed.message
        if isinstance(message, Mail):
            raise Refused("not for a phone")
        body = {"id": str(claimed.id), "to": message.to}
        if isinstance(message, Call):
            body |= {"kind": message.method, "code": message.code}
        else:
            body |= {"kind": "sms", "text": message.text}
        try:
            # A redirect would carry the code, and the token, to wherever it leads: not followed.
            async with (
                self._session() as session,
                session.post(self._url, json=body, allow_redirects=False) as answer,
            ):
                status, pause = answer.status, answer.headers.get("retry-after", "")
        except (aiohttp.ClientError, OSError) as error:
            raise TryAgain(type(error).__name__) from error
        if status in _MAY_PASS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            after_s = min(float(pause), PAUSE_MAX_S) if pause.isascii() and pause.isdigit() else None
            raise TryAgain(f"HTTP {status}", after_s=after_s)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Refused(f"HTTP {status}")

    async def has_called(self, message_id: UUID) -> bool:
        """Tell whether the phone of a `reverse_call` has called.

        Raises:
            Unavailable: The gateway is away or answers nonsense.
        """
        try:
            async with (
                self._session() as session,
                session.get(f"{self._url}/{message_id}", allow_redirects=False) as answer,
            ):
                if answer.status == HTTPStatus.NOT_FOUND:
                    return False
                body = await answer.content.read(ANSWER_BYTES_MAX)
                return msgspec.json.decode(body, type=_Called).called
        except (aiohttp.ClientError, OSError, msgspec.DecodeError) as error:
            raise Unavailable(f"the phone gateway: {type(error).__name__}") from error

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            headers={"authorization": f"Bearer {self._token.reveal()}"},
        )
