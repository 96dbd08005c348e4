"""T-Bank's T-API: a payment by its own id is made once, however often it is asked for; what became of it is asked by that id."""

from decimal import Decimal
from http import HTTPStatus
from uuid import UUID

import msgspec

from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret
from samovar.services.payment.payouts.banks.port import (
    FAILURE_LENGTH_MAX,
    PURPOSE_LENGTH_MAX,
    BankAnswer,
    Order,
    Refused,
)
from samovar.services.payment.payouts.banks.web import Web
from samovar.services.payment.payouts.errors import BankAway

EXECUTION_ORDER = 5
_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_OK = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED})

# A number, not a text, and exact: it never was a float.
_encoder = msgspec.json.Encoder(decimal_format="number")


class _State(msgspec.Struct):
    status: str
    error_message: str | None = msgspec.field(default=None, name="errorMessage")


class _Fault(msgspec.Struct):
    message: str = msgspec.field(default="", name="errorMessage")
    code: str = msgspec.field(default="", name="errorCode")


class TApiBank:
    """T-Bank.

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


def _message_of(answer: bytes) -> str:
    try:
        fault = msgspec.json.decode(answer, type=_Fault)
    except msgspec.DecodeError:
        return ""
    return f"{fault.code} {fault.message}".strip()[:FAILURE_LENGTH_MAX]
