"""Where people and tests decide what becomes of a payment: the payer's pages, the desk, and the same as JSON under `/control`."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from aiohttp import web

from samovar.simulators.payments import page
from samovar.simulators.payments.book import Book, Payment, Refused
from samovar.simulators.payments.cards import card_of
from samovar.simulators.payments.webhooks import Sender, Webhook
from samovar.simulators.payments.words import Language, language_of

SHOWN_MAX = 100
SENT_MAX = 200
CODE = "1234"


class Desk:
    """The handlers."""

    def __init__(self, book: Book, sender: Sender, address: str) -> None:
        self._book = book
        self._sender = sender
        self._address = address

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        return [
            web.get("/payments", self._desk),
            web.get("/pay/{id}", self._pay_page),
            web.get("/pay/{id}/state", self._state),
            web.get("/pay/{id}/result", self._result),
            web.post("/pay/{id}/card", self._card),
            web.post("/pay/{id}/3ds", self._secure),
            web.post("/pay/{id}/sbp", self._by("sbp")),
            web.post("/pay/{id}/app", self._app),
            web.post("/pay/{id}/decline", self._decline),
            web.post("/pay/{id}/refuse", self._refuse),
            web.post("/pay/{id}/expire", self._expire),
            web.get("/sbp/{id}", self._bank),
            web.get("/control/payments", self._list),
            web.get("/control/payments/{id}", self._show),
            web.post("/control/payments/{id}/{act}", self._control),
            web.get("/control/refunds", self._refunds),
            web.post("/control/refunds/{id}/{act}", self._control_refund),
            web.put("/control/refunds", self._refunds_wait),
            web.get("/control/register", self._register),
            web.get("/control/webhooks", self._sent),
            web.put("/control/webhooks", self._webhook_urls),
            web.post("/control/webhooks/release", self._release),
            web.post("/control/webhooks/{number}/again", self._again),
        ]

    async def _desk(self, request: web.Request) -> web.Response:
        payments = [
            self._book.find(one.id) or one
            for one in islice(reversed(self._book.payments.values()), SHOWN_MAX)
        ]
        hooks = islice(reversed(self._sender.kept), SHOWN_MAX)
        return _html(page.desk_page(payments, hooks, language=_language(request)))

    async def _pay_page(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        payment.extra["shown"] = True
        self._book.keep(payment)
        if payment.status != "pending":
            raise _away(payment)
        return _html(page.payment_page(payment, address=self._address, language=_language(request)))

    async def _state(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        return web.json_response({"status": payment.status, "is_over": payment.status != "pending"})

    async def _result(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        return _html(page.result_page(payment, back=_back(payment), language=_language(request)))

    async def _card(self, request: web.Request) -> web.Response:
        payment, form = self._payment(request), await request.post()
        card = card_of(str(form.get("number", "")))
        if card is None:
            shown = page.payment_page(
                payment, address=self._address, language=_language(request), alarm="no_card"
            )
            return _html(shown, status=422)
        if card.asks_3ds:
            return _html(page.secure_page(payment, card.number, language=_language(request)))
        if card.reason:
            return self._end(payment, card.reason)
        return self._paid(payment, "bank_card", card.number)

    async def _secure(self, request: web.Request) -> web.Response:
        payment, form = self._payment(request), await request.post()
        card = card_of(str(form.get("number", "")))
        if card is None or form.get("code") != CODE or card.reason:
            return self._end(payment, "3d_secure_failed")
        return self._paid(payment, "bank_card", card.number)

    async def _app(self, request: web.Request) -> web.Response:
        method = str((await request.post()).get("method", ""))
        if method not in page.METHODS:
            raise web.HTTPUnprocessableEntity(text="no such method")
        return self._paid(self._payment(request), method)

    def _by(self, method: str) -> Callable[[web.Request], Any]:
        async def pay(request: web.Request) -> web.Response:
            return self._paid(self._payment(request), method)

        return pay

    async def _decline(self, request: web.Request) -> web.Response:
        reason = str((await request.post()).get("reason", "")) or "general_decline"
        return self._end(self._payment(request), reason)

    async def _refuse(self, request: web.Request) -> web.Response:
        return self._end(self._payment(request), "canceled_by_payer")

    async def _expire(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        self._book.expire(payment)
        raise _away(payment)

    async def _bank(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        if payment.status != "pending":
            raise web.HTTPSeeOther(f"/pay/{payment.id}/result")
        return _html(page.bank_page(payment, language=_language(request)))

    async def _list(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"items": [_json(one) for one in reversed(self._book.payments.values())]})

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(_json(self._payment(request)))

    async def _control(self, request: web.Request) -> web.Response:
        """`pay {amount?, method?, card?}`, `decline {reason?, party?}`, `expire`, `capture`."""
        payment, body = self._payment(request), await body_of(request)
        act = request.match_info["act"]
        try:
            if act == "pay":
                amount = int(body.get("amount", 0))
                self._book.pay(
                    payment, method=body.get("method"), amount=amount, card=str(body.get("card", ""))
                )
            elif act == "decline":
                party = str(body.get("party", "payment_network"))
                self._book.cancel(payment, party=party, reason=str(body.get("reason", "general_decline")))
            elif act == "expire":
                self._book.expire(payment)
            elif act == "capture":
                self._book.capture(payment)
            else:
                raise web.HTTPNotFound
        except Refused as refused:
            return web.json_response({"error": str(refused)}, status=409)
        return web.json_response(_json(payment))

    async def _refunds(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"items": [asdict(one) for one in reversed(self._book.refunds.values())]})

    async def _control_refund(self, request: web.Request) -> web.Response:
        """`succeed`, or `cancel {reason?}`."""
        refund = self._book.refunds.get(request.match_info["id"])
        act, body = request.match_info["act"], await body_of(request)
        if refund is None or act not in {"succeed", "cancel"}:
            raise web.HTTPNotFound
        reason = str(body.get("reason", "insufficient_funds")) if act == "cancel" else None
        try:
            self._book.end_refund(refund, reason=reason)
        except Refused as refused:
            return web.json_response({"error": str(refused)}, status=409)
        return web.json_response(asdict(refund))

    async def _refunds_wait(self, request: web.Request) -> web.Response:
        """`{"wait": true}`: new refunds stay pending."""
        self._book.refunds_wait = (await body_of(request)).get("wait") is True
        return web.Response(status=204)

    async def _register(self, request: web.Request) -> web.Response:
        """The provider's register of a day in UTC, `?provider=&date=2026-11-27`: what it took and gave back, kopecks."""
        provider, date = request.query.get("provider", "yookassa"), request.query.get("date", "")
        payments = [
            {"id": one.id, "amount": one.captured, "fee": one.fee, "at": one.captured_at}
            for one in self._book.payments.values()
            if one.provider == provider and one.captured_at and _is_of(one.captured_at, date)
        ]
        refunds = [
            {"id": one.id, "payment_id": one.payment_id, "amount": one.amount, "at": one.settled_at}
            for one in self._book.refunds.values()
            if one.provider == provider and one.status == "succeeded" and _is_of(one.settled_at or 0, date)
        ]
        return web.json_response({"payments": payments, "refunds": refunds})

    async def _sent(self, request: web.Request) -> web.Response:
        del request
        return web.json_response(
            {"items": [_hook_json(one) for one in islice(reversed(self._sender.kept), SENT_MAX)]}
        )

    async def _webhook_urls(self, request: web.Request) -> web.Response:
        """`{"yookassa": url, "tbank": url}`: where notifications go from now on; null for nowhere."""
        for provider, url in (await body_of(request)).items():
            if provider in self._sender.urls:
                self._sender.urls[provider] = str(url) if url else None
        return web.json_response(self._sender.urls)

    async def _release(self, request: web.Request) -> web.Response:
        del request
        self._sender.release()
        return web.Response(status=204)

    async def _again(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if not number.isdigit() or not self._sender.again(int(number)):
            raise web.HTTPNotFound
        return web.Response(status=204)

    def _payment(self, request: web.Request) -> Payment:
        payment = self._book.find(request.match_info["id"])
        if payment is None:
            raise web.HTTPNotFound(text="no such payment")
        return payment

    def _paid(self, payment: Payment, method: str, card: str = "") -> web.Response:
        if payment.status == "pending":
            self._book.pay(payment, method=method, card=card)
        raise _away(payment)

    def _end(self, payment: Payment, reason: str) -> web.Response:
        if payment.status == "pending":
            self._book.cancel(payment, party="payment_network", reason=reason)
        raise _away(payment)


def _away(payment: Payment) -> web.HTTPSeeOther:
    """Return the way back to the shop, or to the result where the shop named none."""
    return web.HTTPSeeOther(_back(payment) or f"/pay/{payment.id}/result")


def _back(payment: Payment) -> str | None:
    failed = payment.extra.get("fail_url") if payment.status == "canceled" else None
    back = failed or payment.return_url
    return back if back and back.startswith(("http://", "https://")) else None


def _language(request: web.Request) -> Language:
    return language_of(request.query.get("lang") or request.headers.get("accept-language") or "")


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", status=status)


def _json(payment: Payment) -> dict[str, Any]:
    return {name: value for name, value in asdict(payment).items() if name != "extra"} | {
        "order_id": payment.extra.get("order_id"),
        "metadata": payment.extra.get("metadata", {}),
    }


def _hook_json(webhook: Webhook) -> dict[str, Any]:
    return {
        "number": webhook.number,
        "provider": webhook.provider,
        "kind": webhook.kind,
        "about": webhook.about,
        "url": webhook.url,
        "body": webhook.body,
        "answers": webhook.answers,
        "is_taken": webhook.is_taken,
    }


def _is_of(moment: float, date: str) -> bool:
    return not date or datetime.fromtimestamp(moment, UTC).date().isoformat() == date


async def body_of(request: web.Request) -> dict[str, Any]:
    """Return the JSON object in a body; an empty one without a body."""
    if not request.can_read_body:
        return {}
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="the body is JSON") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="the body is a JSON object")
    return body
