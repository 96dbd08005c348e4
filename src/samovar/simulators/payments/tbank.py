"""T-Bank's acquiring API v2: `Init` and what follows, `Token` in every request, notifications that are signed likewise.

Every answer is HTTP 200; what is wrong is in `ErrorCode`. A repeated `Init` makes another payment, as there: only `CheckOrder` tells
which payments an order has. A repeated `Cancel` is known by its `ExternalRequestId`.
"""

import hashlib
import itertools
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from samovar.simulators.money.keeping import Keeping
from samovar.simulators.money.settings import TBANK_PASSWORD, TBANK_TERMINAL_KEY
from samovar.simulators.payments.book import CONFIRMATION_S, Book, Payment, Refund, Refused
from samovar.simulators.payments.webhooks import Sender

PATH = "/tbank/v2"
AMOUNT_MIN, AMOUNT_MAX = 100, 100_000_000
ORDER_ID_MAX = 36
DESCRIPTION_MAX = 140
REQUESTS_MAX = 20_000
NUMBER_FIRST = 7_000_000_001
_OFFLINE = {"canceled_by_merchant": "CANCELED", "expired_on_confirmation": "DEADLINE_EXPIRED"}
# What T-Bank says where YooKassa gives a reason; the rest is 1051, which is "declined, ask your bank".
_CODES = {
    "insufficient_funds": "1051",
    "3d_secure_failed": "106",
    "card_expired": "1033",
    "call_issuer": "1005",
    "fraud_suspected": "1059",
    "invalid_csc": "1082",
    "issuer_unavailable": "1091",
    "payment_method_limit_exceeded": "1061",
}

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class TBank:
    """The dialect.

    Args:
        address: `http://host:port` of this program, where the payment page is.
    """

    def __init__(self, book: Book, sender: Sender, address: str, keeping: Keeping) -> None:
        self._book = book
        self._keeping = keeping
        self._sender = sender
        self._address = address
        taken = [one.id for one in book.payments.values() if one.provider == "tbank"]
        self._numbers = itertools.count(1 + max(map(int, taken), default=NUMBER_FIRST - 1))
        # By payment and request.
        self._requests = OrderedDict(keeping.load("tbank_request", dict[str, Any]))

    def routes(self) -> list[tuple[str, str, str, Handler]]:
        """Return method, path, operation and handler of each call."""
        handlers = {
            "Init": ("create", self._init),
            "GetState": ("get", self._get_state),
            "GetQr": ("qr", self._get_qr),
            "Confirm": ("capture", self._confirm),
            "Cancel": ("cancel", self._cancel),
            "CheckOrder": ("list", self._check_order),
        }
        return [("POST", f"{PATH}/{name}", *what) for name, what in handlers.items()]

    async def answer(self, request: web.Request, handler: Handler) -> web.Response:
        """Check the signature, do it, and answer in T-Bank's form."""
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return web.json_response(error("9999", "Неверный формат запроса"))
        if body.get("TerminalKey") != TBANK_TERMINAL_KEY:
            return web.json_response(error("501", "Терминал не найден"))
        if body.get("Token") != token_of(body):
            return web.json_response(error("204", "Неверный токен. Проверьте пару TerminalKey/SecretKey."))
        try:
            return web.json_response(await handler(body))
        except Refused as refused:
            return web.json_response(error(refused.code, str(refused), PaymentId=body.get("PaymentId")))

    async def _init(self, body: dict[str, Any]) -> dict[str, Any]:
        amount, order_id = body.get("Amount"), body.get("OrderId")
        if not isinstance(amount, int) or isinstance(amount, bool) or not AMOUNT_MIN <= amount <= AMOUNT_MAX:
            raise Refused("9999", "Поле Amount: от 100 до 100000000")
        if not isinstance(order_id, str) or not 0 < len(order_id) <= ORDER_ID_MAX:
            raise Refused("9999", "Поле OrderId: от 1 до 36 символов")
        if (
            body.get("PayType", "O") not in {"O", "T"}
            or len(str(body.get("Description", ""))) > DESCRIPTION_MAX
        ):
            raise Refused("9999", "Неверные параметры")
        now = self._book.clock()
        payment = self._book.open(
            Payment(
                id=str(next(self._numbers)),
                provider="tbank",
                amount=amount,
                currency="RUB",
                method=None,
                two_stage=body.get("PayType", "O") == "T",
                description=str(body.get("Description", "")),
                return_url=_text(body.get("SuccessURL")),
                created_at=now,
                expires_at=_due(body.get("RedirectDueDate"), now + CONFIRMATION_S),
                extra={
                    "order_id": order_id,
                    "notification_url": _text(body.get("NotificationURL")),
                    "fail_url": _text(body.get("FailURL")),
                    "save_method": body.get("Recurrent") == "Y",
                },
            )
        )
        page = f"{self._address}/pay/{payment.id}{'?lang=en' if body.get('Language') == 'en' else ''}"
        return self._state(payment) | {"PaymentURL": page}

    async def _get_state(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._state(self._payment(body))

    async def _get_qr(self, body: dict[str, Any]) -> dict[str, Any]:
        payment = self._payment(body)
        if payment.status != "pending":
            raise Refused("8", "Неверный статус транзакции.")
        payment.method = "sbp"
        self._book.keep(payment)
        link = f"{self._address}/sbp/{payment.id}"
        if body.get("DataType", "PAYLOAD") == "IMAGE":
            from samovar.simulators.payments.qr import svg  # noqa: PLC0415  Few ask for the picture.

            link = svg(link)
        return ok(OrderId=payment.extra["order_id"], PaymentId=int(payment.id), Data=link)

    async def _confirm(self, body: dict[str, Any]) -> dict[str, Any]:
        payment = self._payment(body)
        amount = _amount(body)
        _translated(lambda: self._book.capture(payment, amount))
        return self._state(payment)

    async def _cancel(self, body: dict[str, Any]) -> dict[str, Any]:
        payment, amount = self._payment(body), _amount(body)
        request_id = str(body.get("ExternalRequestId") or "")
        name = f"{payment.id} {request_id}"
        known = self._requests.get(name) if request_id else None
        if known is not None:
            return known | {"Status": status_of(payment)}
        left = payment.captured - payment.refunded
        before = left if payment.status == "succeeded" else payment.amount
        if payment.status == "succeeded":
            refund_id = f"{payment.id}{len(self._book.refunds):06}"
            _translated(
                lambda: self._book.start_refund(payment, refund_id, left if amount is None else amount)
            )
            after = payment.captured - payment.refunded
        else:
            after = 0
            _translated(lambda: self._book.cancel(payment, party="merchant", reason="canceled_by_merchant"))
        answer = self._state(payment) | {
            "OriginalAmount": before,
            "NewAmount": after,
            "ExternalRequestId": request_id or None,
        }
        if request_id:
            self._requests[name] = answer
            self._keeping.put("tbank_request", name, answer)
            while len(self._requests) > REQUESTS_MAX:
                forgotten, _ = self._requests.popitem(last=False)
                self._keeping.drop("tbank_request", forgotten)
        return answer

    async def _check_order(self, body: dict[str, Any]) -> dict[str, Any]:
        order_id = body.get("OrderId")
        found = [
            one
            for one in self._book.payments.values()
            if one.provider == "tbank" and one.extra["order_id"] == order_id
        ]
        if not found:
            raise Refused("255", "Заказ не найден")
        payments = [
            {
                "PaymentId": int(one.id),
                "Amount": one.amount,
                "Status": status_of(one),
                "Success": one.status != "canceled",
                "ErrorCode": "0",
            }
            for one in found
            if self._book.find(one.id)
        ]
        return ok(OrderId=order_id, Payments=payments)

    def notify(self, kind: str, payment: Payment, refund: Refund | None) -> None:
        """Send what happened, signed."""
        del kind, refund
        body: dict[str, Any] = {
            "TerminalKey": TBANK_TERMINAL_KEY,
            "OrderId": payment.extra["order_id"],
            "Success": payment.status != "canceled",
            "Status": status_of(payment),
            "PaymentId": int(payment.id),
            "ErrorCode": _code_of(payment),
            "Amount": payment.captured or payment.authorized or payment.amount,
        }
        if payment.card:
            body |= {
                "Pan": f"{payment.card[:6]}******{payment.card[-4:]}",
                "ExpDate": "1230",
                "CardId": 322264,
            }
        self._sender.send(
            provider="tbank",
            kind=str(body["Status"]),
            about=payment.id,
            body=_signed(body),
            wrong={
                "wrong_amount": lambda _: _signed(body | {"Amount": 100}),
                "unknown_payment": lambda _: _signed(body | {"PaymentId": 1_000_000_000}),
                "bad_token": lambda sent: sent | {"Token": "0" * 64},
            },
            url=payment.extra.get("notification_url"),
            needs="OK",
        )

    def _payment(self, body: dict[str, Any]) -> Payment:
        payment = self._book.find(str(body.get("PaymentId", "")))
        if payment is None or payment.provider != "tbank":
            raise Refused("255", "Платеж не найден")
        return payment

    def _state(self, payment: Payment) -> dict[str, Any]:
        return ok(
            OrderId=payment.extra["order_id"],
            PaymentId=payment.id,
            Status=status_of(payment),
            Amount=payment.captured or payment.authorized or payment.amount,
        ) | ({"ErrorCode": _code_of(payment), "Success": False} if payment.party == "payment_network" else {})


def status_of(payment: Payment) -> str:
    """Return T-Bank's word for the state of a payment."""
    if payment.refunding:
        return "ASYNC_REFUNDING"
    if payment.status == "succeeded":
        refunded = payment.refunded
        return (
            "CONFIRMED"
            if not refunded
            else "REFUNDED"
            if refunded >= payment.captured
            else "PARTIAL_REFUNDED"
        )
    if payment.status == "canceled":
        if payment.authorized:
            return "REVERSED"
        return _OFFLINE.get(payment.reason or "", "REJECTED")
    return {"pending": "FORM_SHOWED" if payment.extra.get("shown") else "NEW"}.get(
        payment.status, "AUTHORIZED"
    )


def token_of(body: dict[str, Any]) -> str:
    """Return SHA-256 of the values of the root with the password, in the order of their names; what is nested does not count."""
    values = {
        name: value for name, value in body.items() if name != "Token" and not isinstance(value, dict | list)
    }
    values["Password"] = TBANK_PASSWORD
    text = "".join(
        str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        for _, value in sorted(values.items())
    )
    return hashlib.sha256(text.encode()).hexdigest()


def ok(**more: Any) -> dict[str, Any]:
    """Return an answer that all went well."""
    return {"Success": True, "ErrorCode": "0", "TerminalKey": TBANK_TERMINAL_KEY, **more}


def error(code: str, text: str, **more: Any) -> dict[str, Any]:
    """Return an answer that something did not."""
    return {"Success": False, "ErrorCode": code, "Message": text, "Details": text, **more}


def spoiled(answer: web.Response) -> web.Response:
    """Return an answer that names another sum."""
    body = json.loads(answer.text or "{}")
    return web.json_response(body | ({"Amount": 100} if "Amount" in body else {}))


def unknown() -> web.Response:
    """Return the answer about a payment that does not exist."""
    return web.json_response(error("255", "Платеж не найден"))


def _signed(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"Token": token_of(body)}


def _code_of(payment: Payment) -> str:
    if payment.status != "canceled" or payment.party != "payment_network":
        return "0"
    return _CODES.get(payment.reason or "", "1051")


def _amount(body: dict[str, Any]) -> int | None:
    amount = body.get("Amount")
    if amount is None:
        return None
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        raise Refused("9999", "Поле Amount: целое число копеек")
    return amount


def _translated(act: Callable[[], object]) -> None:
    try:
        act()
    except Refused as refused:
        if refused.code == "amount":
            raise Refused("9", "Неверная сумма") from None
        raise Refused("8", "Неверный статус транзакции.") from None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _due(value: object, otherwise: float) -> float:
    if not isinstance(value, str):
        return otherwise
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        raise Refused("9999", "Поле RedirectDueDate: дата и время") from None
