"""The service of cash registers: ATOL Online's calls, each with a time limit. What it does is told as one of a few outcomes."""

from http import HTTPStatus
from typing import Any, Self

import aiohttp
import msgspec

from samovar.kit.settings import Secret
from samovar.services.payment.calling import body_of, new_session

TIMEOUT_S = 10.0
ANSWER_BYTES_MAX = 262_144
TEXT_MAX = 500
_DUPLICATE, _UNKNOWN = 33, 34
_TOKEN_CODES = frozenset({10, 11})


class RegistersAway(Exception):
    """The service does not answer, or not sensibly; asking again later is safe."""


class Taken(msgspec.Struct, frozen=True):
    """The service has the receipt."""

    remote_id: str


class Declined(msgspec.Struct, frozen=True):
    """The service does not take it, and never will as it is."""

    text: str


class Waiting(msgspec.Struct, frozen=True):
    """It is on its way to a register."""


class Lost(msgspec.Struct, frozen=True):
    """The service knows nothing of it."""


class Failed(msgspec.Struct, frozen=True):
    """A register has refused it; handed in anew, another may take it."""

    text: str


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A register has printed it.

    Attributes:
        moment: As the register prints it, Moscow time.
    """

    drive: str
    number: int
    sign: int
    moment: str
    link: str | None


class _Error(msgspec.Struct, frozen=True):
    code: int = 0
    text: str = ""


class _Payload(msgspec.Struct, frozen=True):
    fn_number: str
    fiscal_document_number: int
    fiscal_document_attribute: int
    receipt_datetime: str
    ofd_receipt_url: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    uuid: str | None = None
    status: str | None = None
    token: str | None = None
    error: _Error | None = None
    payload: _Payload | None = None


class Registers:
    """Calls the service. Use it within `async with`.

    Args:
        url: Without the last slash; `{url}/getToken` signs in.
        group: The code of the group of registers.
    """

    def __init__(self, *, url: str, group: str, login: str, password: Secret) -> None:
        self._url = url
        self._group = group
        self._login = login
        self._password = password
        self._token: str | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connections."""
        self._session = new_session(TIMEOUT_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        if self._session:
            await self._session.close()

    async def send(self, operation: str, body: bytes) -> Taken | Declined:
        """Hand a receipt in. One that is there already is taken.

        Raises:
            RegistersAway: It is not known whether it was taken; the same again is safe.
        """
        status, answer = await self._signed_in("POST", f"{self._group}/{operation}", body)
        code = answer.error.code if answer.error else 0
        if answer.uuid and (status == HTTPStatus.OK or code == _DUPLICATE):
            return Taken(answer.uuid)
        if status == HTTPStatus.BAD_REQUEST and answer.error:
            return Declined(f"{code}: {answer.error.text}"[:TEXT_MAX])
        raise RegistersAway(f"{operation} answered {status}, error {code}")

    async def report(self, remote_id: str) -> Waiting | Done | Failed | Lost:
        """Ask what became of a receipt.

        Raises:
            RegistersAway: It does not say.
        """
        status, answer = await self._signed_in("GET", f"{self._group}/report/{remote_id}", None)
        code = answer.error.code if answer.error else 0
        if status == HTTPStatus.BAD_REQUEST and code == _UNKNOWN:
            return Lost()
        if status != HTTPStatus.OK:
            raise RegistersAway(f"report answered {status}, error {code}")
        if answer.status == "done" and answer.payload:
            payload = answer.payload
            return Done(
                drive=payload.fn_number,
                number=payload.fiscal_document_number,
                sign=payload.fiscal_document_attribute,
                moment=payload.receipt_datetime,
                link=payload.ofd_receipt_url,
            )
        if answer.status == "fail":
            return Failed(f"{code}: {answer.error.text if answer.error else ''}"[:TEXT_MAX])
        return Waiting()

    async def _signed_in(self, method: str, path: str, body: bytes | None) -> tuple[int, _Answer]:
        for _ in range(2):
            if self._token is None:
                self._token = await self._sign_in()
            status, answer = await self._call(method, path, body, {"Token": self._token})
            if status != HTTPStatus.UNAUTHORIZED and not (answer.error and answer.error.code in _TOKEN_CODES):
                return status, answer
            self._token = None
        raise RegistersAway("a new token is refused")

    async def _sign_in(self) -> str:
        body = msgspec.json.encode({"login": self._login, "pass": self._password.reveal()})
        status, answer = await self._call("POST", "getToken", body, {})
        if status != HTTPStatus.OK or not answer.token:
            raise RegistersAway(f"signing in answered {status}: {answer.error.text if answer.error else ''}")
        return answer.token

    async def _call(
        self, method: str, path: str, body: bytes | None, headers: dict[str, Any]
    ) -> tuple[int, _Answer]:
        if self._session is None:
            raise RegistersAway("not open")
        try:
            async with self._session.request(
                method,
                f"{self._url}/{path}",
                data=body,
                headers={**headers, "Content-Type": "application/json; charset=utf-8"},
                allow_redirects=False,
            ) as answer:
                raw = await body_of(answer, ANSWER_BYTES_MAX)
                return answer.status, msgspec.json.decode(raw, type=_Answer)
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError) as error:
            raise RegistersAway(f"{path}: {error!r}") from error
