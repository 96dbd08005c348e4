"""A plain JSON API, as the simulator of a bank speaks it: `POST /payouts` with `Idempotency-Key`, `GET /payouts?key=`."""

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

# The simulator takes no longer name.
NAME_LENGTH_MAX = 160


class _Payout(msgspec.Struct):
    status: str
    amount: int
    reason: str | None = None


class _Found(msgspec.Struct):
    items: list[_Payout]


class PlainBank:
    """A bank that takes kopecks and keys.

    Args:
        url: Where its API answers.
    """

    def __init__(self, web: Web, *, url: str, token: Secret) -> None:
        self._web = web
        self._url = url.rstrip("/")
        self._token = token

    async def pay(self, order: Order) -> None:
        """Ask for a payment; the same key again makes no other one.

        Raises:
            Refused: The bank will not make it.
            BankAway: It does not say; it may have been made.
        """
        body = {
            "amount": order.amount.amount,
            "currency": order.amount.currency,
            "purpose": order.purpose[:PURPOSE_LENGTH_MAX],
            "recipient": {
                "name": order.to.name[:NAME_LENGTH_MAX],
                "inn": order.to.inn,
                "kind": order.to.legal_form,
                "account": order.to.bank_number,
                "bic": order.to.bik,
            },
        }
        status, answer = await self._ask(
            "POST", "/payouts", body=msgspec.json.encode(body), key=str(order.key)
        )
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Refused(answer.decode(errors="replace")[:FAILURE_LENGTH_MAX])
        if status != HTTPStatus.CREATED:
            raise BankAway(f"HTTP {status}")

    async def ask(self, key: UUID) -> BankAnswer:
        """Return what became of a payment.

        Raises:
            BankAway: The bank does not say.
        """
        status, answer = await self._ask("GET", f"/payouts?key={key}")
        if status != HTTPStatus.OK:
            raise BankAway(f"HTTP {status}")
        try:
            found = msgspec.json.decode(answer, type=_Found).items
        except msgspec.DecodeError as error:
            raise BankAway(f"{error}") from error
        if not found:
            return BankAnswer("unknown")
        match found[0].status:
            case "executed":
                return BankAnswer("executed")
            case "rejected":
                return BankAnswer("failed", (found[0].reason or "rejected")[:FAILURE_LENGTH_MAX])
            case _:
                return BankAnswer("in_progress")

    async def _ask(
        self, method: str, path: str, *, body: bytes | None = None, key: str | None = None
    ) -> tuple[int, bytes]:
        try:
            return await self._web.ask(method, self._url + path, body=body, token=self._token, key=key)
        except Unavailable as error:
            raise BankAway(f"{error}") from error
