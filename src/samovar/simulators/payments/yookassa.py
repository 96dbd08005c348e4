"""YooKassa's API v3: payments and refunds, `Idempotence-Key`, notifications without a signature."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from samovar.simulators.money.keeping import Keeping
from samovar.simulators.money.settings import YOOKASSA_SHOP_ID
from samovar.simulators.payments.book import CONFIRMATION_S, Book, Payment, Refund, Refused
from samovar.simulators.payments.webhooks import Sender
from samovar.simulators.payments.yookassa_parts import (
    NOT_FOUND,
    WRONG,
    Answer,
    amount_of,
    check_credentials,
    confirmation_of,
    invalid,
    json_body,
    metadata_of,
    method_json,
    method_of,
    moment,
    money,
    object_id,
    page_of,
    text_of,
)

PATH = "/yookassa/v3"
KEY_S = 86_400.0
KEYS_MAX = 50_000
KEY_LENGTH_MAX = 64
DESCRIPTION_MAX = 128
LIMITS = {"bank_card": (100, 35_000_000), "sbp": (100, 70_000_000)}
LIMITS_OTHER = (100, 100_000_000)
_STATUSES = {"authorized": "waiting_for_capture"}

Handler = Callable[[web.Request, dict[str, Any]], Awaitable[dict[str, Any]]]


class YooKassa:
    """The dialect.

    Args:
        address: `http://host:port` of this program, where the payment page is.
    """

    def __init__(self, book: Book, sender: Sender, address: str, keeping: Keeping) -> None:
        self._book = book
        self._keeping = keeping
        self._sender = sender
        self._address = address
        self._keys = OrderedDict(keeping.load("yookassa_key", tuple[float, str, str, int]))

    async def _create(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """Make a payment."""
        del request
        amount, currency = amount_of(body, "amount")
        method = method_of(body)
        saved = body.get("payment_method_id")
        if saved:
            method = self._book.method_of(str(saved))
            if method is None:
                raise invalid("payment_method_id is unknown", "payment_method_id")
        least, most = LIMITS.get(method or "bank_card", LIMITS_OTHER)
        if not least <= amount <= most:
            raise invalid("The amount is out of the limits of the payment method", "amount.value")
        two_stage = body.get("capture", False) is not True
        if method == "sbp" and two_stage:
            raise invalid("Two-stage payments are unavailable for this payment method", "capture")
        confirmation = confirmation_of(body, is_needed=not saved)
        payment = self._book.open(
            Payment(
                id=object_id(),
                provider="yookassa",
                amount=amount,
                currency=currency,
                method=method,
                two_stage=two_stage,
                description=text_of(body, "description", DESCRIPTION_MAX),
                return_url=confirmation.get("return_url"),
                created_at=self._book.clock(),
                expires_at=self._book.clock() + CONFIRMATION_S,
                extra={
                    "confirmation": confirmation,
                    "metadata": metadata_of(body),
                    "save_method": body.get("save_payment_method") is True,
                },
            )
        )
        if saved:
            self._book.pay(payment, method=method)
        return self.payment_json(payment)

    async def _get(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """Show a payment."""
        del body
        return self.payment_json(self._payment(request))

    async def _list_payments(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """List payments, newest first, with filters of time and status."""
        del body
        found = (
            self.payment_json(one)
            for one in reversed(self._book.payments.values())
            if one.provider == "yookassa"
        )
        return page_of(request, found)

    async def _capture(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """Take what is held."""
        payment = self._payment(request)
        amount = amount_of(body, "amount")[0] if "amount" in body else None
        _guard(lambda: self._book.capture(payment, amount))
        return self.payment_json(payment)

    async def _cancel(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """Let go what is held; what nobody has paid yet cannot be canceled here."""
        del body
        payment = self._payment(request)
        if payment.status == "pending":
            raise invalid("Payment is in the status pending and can't be canceled", "payment_id")
        _guard(lambda: self._book.cancel(payment, party="merchant", reason="canceled_by_merchant"))
        return self.payment_json(payment)

    async def _refund(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """Give back a part of a payment, or all of it."""
        del request
        payment = self._book.find(str(body.get("payment_id", "")))
        if payment is None or payment.provider != "yookassa":
            raise invalid(NOT_FOUND, "payment_id")
        amount, currency = amount_of(body, "amount")
        if currency != payment.currency:
            raise invalid("The currency is not that of the payment", "amount.currency")
        made: list[Refund] = []
        description = text_of(body, "description", 250)
        _guard(lambda: made.append(self._book.start_refund(payment, object_id("0015"), amount, description)))
        return self.refund_json(made[0])

    async def _get_refund(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """Show a refund."""
        del body
        refund = self._book.refunds.get(request.match_info["id"])
        if refund is None:
            raise Answer(404, "not_found", "Refund doesn't exist or access denied.", "refund_id")
        return self.refund_json(refund)

    async def _list_refunds(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """List refunds, newest first, with filters of time, payment and status."""
        del body
        wanted = request.query.get("payment_id")
        found = (
            self.refund_json(one)
            for one in reversed(self._book.refunds.values())
            if one.provider == "yookassa" and (not wanted or one.payment_id == wanted)
        )
        return page_of(request, found)

    def routes(self) -> list[tuple[str, str, str, Handler]]:
        """Return method, path, operation and handler of each call."""
        return [
            ("POST", f"{PATH}/payments", "create", self._create),
            ("GET", f"{PATH}/payments", "list", self._list_payments),
            ("GET", f"{PATH}/payments/{{id}}", "get", self._get),
            ("POST", f"{PATH}/payments/{{id}}/capture", "capture", self._capture),
            ("POST", f"{PATH}/payments/{{id}}/cancel", "cancel", self._cancel),
            ("POST", f"{PATH}/refunds", "refund", self._refund),
            ("GET", f"{PATH}/refunds", "list", self._list_refunds),
            ("GET", f"{PATH}/refunds/{{id}}", "get", self._get_refund),
        ]

    async def answer(self, request: web.Request, handler: Handler) -> web.Response:
        """Check who asks and the key, do it once, and answer in YooKassa's form."""
        try:
            check_credentials(request)
            body = await json_body(request)
            return await self._once(request, body, handler)
        except Answer as answer:
            return web.json_response(answer.body, status=answer.status)

    async def _once(self, request: web.Request, body: dict[str, Any], handler: Handler) -> web.Response:
        if request.method != "POST":
            return web.json_response(await handler(request, body))
        key = request.headers.get("Idempotence-Key", "")
        if not 0 < len(key) <= KEY_LENGTH_MAX:
            raise invalid("Idempotence key is absent or too long", "Idempotence-Key")
        whole = json.dumps([request.path, body], sort_keys=True)
        digest = hashlib.sha256(whole.encode()).hexdigest()
        now = self._book.clock()
        kept = self._keys.get(key)
        if kept and kept[0] > now:
            if kept[1] != digest:
                raise invalid("Idempotence key duplicated", "Idempotence-Key")
            return self._as_it_is(kept[2], kept[3])
        try:
            answer, status = await handler(request, body), 200
        except Answer as error:
            answer, status = error.body, error.status
        text = json.dumps(answer, ensure_ascii=False)
        self._keys[key] = (now + KEY_S, digest, text, status)
        self._keeping.put("yookassa_key", key, self._keys[key])
        while len(self._keys) > KEYS_MAX:
            forgotten, _ = self._keys.popitem(last=False)
            self._keeping.drop("yookassa_key", forgotten)
        return web.json_response(text=text, status=status)

    def _as_it_is(self, text: str, status: int) -> web.Response:
        """Return a kept answer; an object is shown in its present state."""
        object_id = json.loads(text).get("id", "")
        payment, refund = self._book.find(object_id), self._book.refunds.get(object_id)
        if payment:
            text = json.dumps(self.payment_json(payment), ensure_ascii=False)
        elif refund:
            text = json.dumps(self.refund_json(refund), ensure_ascii=False)
        return web.json_response(text=text, status=status)

    def notify(self, kind: str, payment: Payment, refund: Refund | None) -> None:
        """Send what happened; nothing is signed."""
        names = {"authorized": "payment.waiting_for_capture", "refunded": "refund.succeeded"}
        event = names.get(kind, f"payment.{kind}")
        about = self.refund_json(refund) if refund else self.payment_json(payment)
        self._sender.send(
            provider="yookassa",
            kind=event,
            about=payment.id,
            body={"type": "notification", "event": event, "object": about},
            wrong={
                "wrong_amount": lambda body: body | {"object": body["object"] | {"amount": WRONG}},
                "unknown_payment": lambda body: body | {"object": body["object"] | {"id": object_id()}},
            },
        )

    def _payment(self, request: web.Request) -> Payment:
        payment = self._book.find(request.match_info["id"])
        if payment is None or payment.provider != "yookassa":
            raise Answer(404, "not_found", NOT_FOUND, "payment_id")
        return payment

    def payment_json(self, payment: Payment) -> dict[str, Any]:
        """Return a payment as YooKassa shows it."""
        paid = payment.status in {"authorized", "succeeded"}
        sum_ = payment.captured or payment.authorized or payment.amount
        shown: dict[str, Any] = {
            "id": payment.id,
            "status": _STATUSES.get(payment.status, payment.status),
            "paid": paid,
            "amount": money(sum_, payment.currency),
            "created_at": moment(payment.created_at),
            "description": payment.description,
            "metadata": payment.extra.get("metadata", {}),
            "recipient": {"account_id": YOOKASSA_SHOP_ID, "gateway_id": "1700001"},
            "refundable": payment.status == "succeeded" and payment.refunded < payment.captured,
            "test": True,
        }
        if payment.status == "pending":
            shown["confirmation"] = self._confirmation_json(payment)
        if payment.method and (paid or payment.status == "pending"):
            shown["payment_method"] = method_json(payment)
        if payment.status == "authorized":
            shown["expires_at"] = moment(payment.expires_at)
        if payment.status == "succeeded" and payment.captured_at:
            shown["captured_at"] = moment(payment.captured_at)
            shown["income_amount"] = money(payment.captured - payment.fee, payment.currency)
            shown["refunded_amount"] = money(payment.refunded, payment.currency)
        if payment.status == "canceled":
            shown["cancellation_details"] = {"party": payment.party, "reason": payment.reason}
        return shown

    def refund_json(self, refund: Refund) -> dict[str, Any]:
        """Return a refund as YooKassa shows it."""
        shown: dict[str, Any] = {
            "id": refund.id,
            "payment_id": refund.payment_id,
            "status": refund.status,
            "created_at": moment(refund.created_at),
            "amount": money(refund.amount, refund.currency),
            "description": refund.description,
        }
        if refund.status == "canceled":
            shown["cancellation_details"] = {"party": "yoo_money", "reason": refund.reason}
        return shown

    def _confirmation_json(self, payment: Payment) -> dict[str, Any]:
        asked = payment.extra["confirmation"]
        page = f"{self._address}/pay/{payment.id}"
        if asked.get("locale", "").startswith("en"):
            page += "?lang=en"
        if asked["type"] == "qr":
            return {"type": "qr", "confirmation_data": f"{self._address}/sbp/{payment.id}"}
        if asked["type"] == "external":
            return {"type": "external"}
        shown = {"type": asked["type"], "confirmation_url": page}
        return shown | ({"return_url": asked["return_url"]} if asked.get("return_url") else {})


def _guard(act: Callable[[], None]) -> None:
    try:
        act()
    except Refused as refused:
        raise invalid(str(refused), "amount.value" if refused.code == "amount" else "payment_id") from None
