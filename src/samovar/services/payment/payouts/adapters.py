"""What payouts ask outside: the bank, the tax service, auth. Each call has a timeout, and money a stored key.

The bank speaks T-Bank's T-API: a payment by its own id is made once, however often it is asked for; what became of it is asked by
that id. The tax service is that of payers of НПД (statusnpd.nalog.ru), which answers two questions a minute.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Literal
from uuid import UUID

import aiohttp
import msgspec

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.money import Money
from samovar.kit.rpc.client import Peers
from samovar.kit.settings import Secret
from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsRequest
from samovar.services.auth.contract.v1_pb2_grpc import AuthStub
from samovar.services.payment.payouts.errors import BankAway, NpdAway
from samovar.services.payment.payouts.payees.schemas import PayeeDetails

TIMEOUT_S = 15.0
RPC_TIMEOUT_S = 2.0
ANSWER_BYTES_MAX = 65_536
PURPOSE_LENGTH_MAX = 210
FAILURE_LENGTH_MAX = 500
EXECUTION_ORDER = 5
_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_OK = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED})

# A number, not a text, and exact: it never was a float.
_encoder = msgspec.json.Encoder(decimal_format="number")


class Refused(Exception):
    """The bank will not make this payment; nothing was made."""


class BankAnswer(msgspec.Struct, frozen=True):
    """What became of a payment.

    Attributes:
        status: `unknown`: the bank knows no payment of this id.
    """

    status: Literal["unknown", "in_progress", "executed", "failed"]
    failure: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A payment order.

    Attributes:
        key: By it the bank tells a repetition.
        purpose: What the receiver reads, at most 210 characters.
    """

    key: UUID
    to: PayeeDetails
    amount: Money
    purpose: str


class _State(msgspec.Struct):
    status: str
    error_message: str | None = msgspec.field(default=None, name="errorMessage")


class _Fault(msgspec.Struct):
    message: str = msgspec.field(default="", name="errorMessage")
    code: str = msgspec.field(default="", name="errorCode")


class _Npd(msgspec.Struct):
    status: bool


class Web:
    """HTTP to those outside, over one session a process."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self, method: str, url: str, *, body: bytes | None = None, token: Secret | None = None
    ) -> tuple[int, bytes]:
        """Return status and body of an answer.

        Raises:
            Unavailable: There is none, in time or at all.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token.reveal()}"} if token else {}
        )
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status, await answer.content.read(ANSWER_BYTES_MAX)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"{type(error).__name__}") from error

    async def close(self) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()


class Bank:
    """The bank from which developers are paid.

    Args:
        url: Where its API answers.
        account: The account that pays, 20 digits.
    """

    def __init__(self, web: Web, *, url: str, token: Secret, account: str) -> None:
        self._web = web
        self._url = url.rstrip("/")
        self._token = token
        self._account = account

    async def pay(self, order: Order) -> None:
        """Ask for a payment; the same key again makes no other one.

        Raises:
            Refused: The bank will not make it.
            BankAway: It does not say; it may have been made.
        """
        to = order.to
        body = {
            "id": str(order.key),
            "from": {"accountNumber": self._account},
            "to": {
                "name": to.name,
                "inn": to.inn,
                "bik": to.bik,
                "bankName": to.bank_name,
                "accountNumber": to.bank_number,
            }
            | ({"kpp": to.kpp} if to.kpp else {}),
            "purpose": order.purpose[:PURPOSE_LENGTH_MAX],
            "executionOrder": EXECUTION_ORDER,
            "amount": Decimal(order.amount.amount).scaleb(-2),
        }
        status, answer = await self._ask("POST", "/api/v1/payment/ruble-transfer/pay", _encoder.encode(body))
        if status in _REFUSED:
            raise Refused(_message_of(answer) or f"HTTP {status}")
        if status not in _OK:
            raise BankAway(f"HTTP {status}")

    async def ask(self, key: UUID) -> BankAnswer:
        """Return what became of a payment.

        Raises:
            BankAway: The bank does not say.
        """
        status, answer = await self._ask("GET", f"/api/v1/payment/{key}", None)
        if status == HTTPStatus.NOT_FOUND:
            return BankAnswer("unknown")
        if status != HTTPStatus.OK:
            raise BankAway(f"HTTP {status}")
        try:
            state = msgspec.json.decode(answer, type=_State)
        except msgspec.DecodeError as error:
            raise BankAway(f"{error}") from error
        match state.status:
            case "EXECUTED":
                return BankAnswer("executed")
            case "FAILED":
                return BankAnswer("failed", (state.error_message or "FAILED")[:FAILURE_LENGTH_MAX])
            case _:
                return BankAnswer("in_progress")

    async def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        try:
            return await self._web.ask(method, self._url + path, body=body, token=self._token)
        except Unavailable as error:
            raise BankAway(f"{error}") from error


class Npd:
    """The tax service that knows who pays НПД."""

    def __init__(self, web: Web, *, url: str) -> None:
        self._web = web
        self._url = url.rstrip("/")

    async def is_payer(self, inn: str, day: date) -> bool:
        """Return whether somebody pays НПД on a day.

        Raises:
            NpdAway: It does not say.
        """
        body = msgspec.json.encode({"inn": inn, "requestDate": day.isoformat()})
        try:
            status, answer = await self._web.ask(
                "POST", f"{self._url}/api/v1/tracker/taxpayer_status", body=body
            )
            if status != HTTPStatus.OK:
                raise NpdAway(f"HTTP {status}")
            return msgspec.json.decode(answer, type=_Npd).status
        except (Unavailable, msgspec.DecodeError) as error:
            raise NpdAway(f"{error}") from error


class Holds:
    """Asks auth whether accounts are held."""

    def __init__(self, peers: Peers) -> None:
        self._stub = AuthStub(peers.channel("auth"))

    async def are_held(self, account_ids: Sequence[UUID]) -> bool:
        """Return whether any of these accounts is held.

        Raises:
            Unavailable: Auth does not answer in time.
        """
        request = BatchGetHoldsRequest(account_ids=[str(account_id) for account_id in account_ids])
        try:
            answer = await self._stub.BatchGetHolds(request, timeout=RPC_TIMEOUT_S)
        except DeadlineExceeded as error:
            raise Unavailable(f"auth: {error}") from error
        return bool(answer.held_until)


def _message_of(answer: bytes) -> str:
    try:
        fault = msgspec.json.decode(answer, type=_Fault)
    except msgspec.DecodeError:
        return ""
    return f"{fault.code} {fault.message}".strip()[:FAILURE_LENGTH_MAX]
