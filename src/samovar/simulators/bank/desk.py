"""The bank.

`POST /bank/v1/payouts` with `Authorization: Bearer` and `Idempotency-Key` takes `{"amount": kopecks, "currency": "RUB", "purpose":
text, "recipient": {"name", "inn", "kind": "company" | "entrepreneur" | "self_employed", "account": 20 digits, "bic": 9 digits}}` and
answers 201 with the payout: `accepted`, then `executed` or `rejected` with a `reason`. The same key with the same body answers
with the same payout, with another body 409. `GET /bank/v1/payouts/{id}`, `GET /bank/v1/payouts?key=`,
`GET /bank/v1/register?date=2026-11-27` (executed and rejected that day, UTC) and `GET /bank/v1/balance`.

Rejected by itself: an account that ends in 99999 (`account_closed`), a self-employed whose INN ends in 13 (`not_self_employed`), more
than the balance (`insufficient_funds`).
"""

import hmac
import json
import re
import time
import uuid
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from itertools import islice
from typing import Any

from aiohttp import web

from samovar.simulators.money.faults import Faults, Handler
from samovar.simulators.money.keeping import Keeping
from samovar.simulators.money.settings import BANK_TOKEN
from samovar.simulators.payments.desk import body_of
from samovar.simulators.payments.page import MOSCOW, layout
from samovar.simulators.payments.words import Language, language_of, roubles

PAYOUTS_MAX = 20_000
SHOWN_MAX = 100
AMOUNT_MAX = 100_000_000_00
EXECUTE_S = 1.0
BALANCE = 1_000_000_000_00
KINDS = ("company", "entrepreneur", "self_employed")
PURPOSE_MAX = 210
NAME_MAX = 160
KEY_MAX = 64
_WORDS: dict[Language, dict[str, str]] = {
    "ru": {
        "title": "Выплаты",
        "about": "Имитатор банка: деньги не двигаются.",
        "empty": "Пока ничего.",
        "accepted": "принята",
        "executed": "исполнена",
        "rejected": "отклонена",
        "balance": "Остаток",
    },
    "en": {
        "title": "Payouts",
        "about": "A simulated bank: no money moves.",
        "empty": "Nothing yet.",
        "accepted": "accepted",
        "executed": "executed",
        "rejected": "rejected",
        "balance": "Balance",
    },
}


@dataclass
class Payout:
    """One payout; `due_at` is when it is executed by itself, none when it waits to be told."""

    id: str
    key: str
    digest: str
    amount: int
    currency: str
    purpose: str
    recipient: dict[str, str]
    created_at: float
    due_at: float | None
    status: str = "accepted"
    reason: str | None = None
    settled_at: float | None = None


class Bank:
    """The handlers.

    Args:
        faults: What goes wrong on request.
        keeping: Where payouts outlive the process.
    """

    def __init__(self, faults: Faults, keeping: Keeping) -> None:
        self._faults = faults
        self._keeping = keeping
        self._payouts = OrderedDict(keeping.load("payout", Payout))
        self._keys = {one.key: one.id for one in self._payouts.values()}
        self._balance = keeping.load("balance", int).get("", BALANCE)
        self._execute_s = EXECUTE_S

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        calls: list[tuple[str, str, str, Handler]] = [
            ("POST", "/payouts", "create", self._create),
            ("GET", "/payouts", "list", self._by_key),
            ("GET", "/payouts/{id}", "get", self._get),
            ("GET", "/register", "list", self._register),
            ("GET", "/balance", "get", self._show_balance),
        ]
        return [
            *(
                web.route(
                    method, f"/bank/v1{path}", self._faults.spoil("bank", operation, _signed_in(handler))
                )
                for method, path, operation, handler in calls
            ),
            web.get("/payouts", self._page),
            web.put("/control/bank", self._settings),
            web.post("/control/payouts/{id}/{act}", self._control),
        ]

    async def _create(self, request: web.Request) -> web.Response:
        body, key = await body_of(request), request.headers.get("Idempotency-Key", "")
        wrong = _fault_of(body) or (
            f"Idempotency-Key: 1 to {KEY_MAX} signs" if not 0 < len(key) <= KEY_MAX else ""
        )
        if wrong:
            return _error(422, "invalid", wrong)
        digest = json.dumps(body, sort_keys=True)
        known = self._payouts.get(self._keys.get(key, ""))
        if known:
            if known.digest != digest:
                return _error(409, "key_reused", "this key came with another body")
            return web.json_response(self._json(known), status=201)
        now = time.time()
        fault = request["fault"]
        payout = Payout(
            id=str(uuid.uuid4()),
            key=key,
            digest=digest,
            amount=body["amount"],
            currency="RUB",
            purpose=body["purpose"],
            recipient=body["recipient"],
            created_at=now,
            due_at=None if fault == "wait" else now + self._execute_s,
        )
        self._payouts[payout.id] = payout
        self._keys[key] = payout.id
        while len(self._payouts) > PAYOUTS_MAX:
            forgotten, old = self._payouts.popitem(last=False)
            self._keys.pop(old.key, None)
            self._keeping.drop("payout", forgotten)
        self._keeping.put("payout", payout.id, payout)
        reason = "bank_refused" if fault == "fail" else self._objection(payout)
        if reason:
            self._settle(payout, "rejected", reason)
        return web.json_response(self._json(payout), status=201)

    async def _get(self, request: web.Request) -> web.Response:
        payout = self._payouts.get(request.match_info["id"])
        return web.json_response(self._json(payout)) if payout else _error(404, "not_found", "no such payout")

    async def _by_key(self, request: web.Request) -> web.Response:
        payout = self._payouts.get(self._keys.get(request.query.get("key", ""), ""))
        return web.json_response({"items": [self._json(payout)] if payout else []})

    async def _register(self, request: web.Request) -> web.Response:
        date = request.query.get("date", "")
        shown = [self._json(one) for one in self._payouts.values()]
        return web.json_response(
            {"date": date, "items": [one for one in shown if (one["settled_at"] or "")[:10] == date]}
        )

    async def _show_balance(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"balance": self._balance, "currency": "RUB"})

    async def _settings(self, request: web.Request) -> web.Response:
        """`{"balance": kopecks, "execute_s": seconds}`."""
        body = await body_of(request)
        self._balance = int(body.get("balance", self._balance))
        self._keeping.put("balance", "", self._balance)
        self._execute_s = float(body.get("execute_s", self._execute_s))
        return web.json_response({"balance": self._balance, "execute_s": self._execute_s})

    async def _control(self, request: web.Request) -> web.Response:
        """`execute`, or `reject {reason?}`."""
        payout, act = self._payouts.get(request.match_info["id"]), request.match_info["act"]
        if payout is None or act not in {"execute", "reject"}:
            raise web.HTTPNotFound
        if payout.status != "accepted":
            return _error(409, "settled", f"the payout is {payout.status}")
        reason = str((await body_of(request)).get("reason", "account_closed"))
        self._settle(
            payout, "executed" if act == "execute" else "rejected", None if act == "execute" else reason
        )
        return web.json_response(self._json(payout))

    async def _page(self, request: web.Request) -> web.Response:
        language = language_of(request.query.get("lang") or request.headers.get("accept-language") or "")
        words = _WORDS[language]
        rows = "".join(
            f"<tr><td>{datetime.fromtimestamp(one.created_at, MOSCOW):%d.%m %H:%M:%S}</td>"
            f"<td>{escape(one.recipient['name'])}<br><span class='faint'>{escape(one.purpose)}</span></td>"
            f"<td>{words[self._now(one).status]}<br><span class='faint'>{escape(one.reason or '')}</span></td>"
            f'<td class="num">{roubles(one.amount)}</td></tr>'
            for one in islice(reversed(self._payouts.values()), SHOWN_MAX)
        )
        content = (
            f'<h1>{words["title"]}</h1><p class="demo">{words["about"]} {words["balance"]}: {roubles(self._balance)}</p>'
            f'<section class="box wide">{f"<table>{rows}</table>" if rows else words["empty"]}</section>'
        )
        return web.Response(text=layout(words["title"], content, language=language), content_type="text/html")

    def _objection(self, payout: Payout) -> str | None:
        if payout.recipient["account"].endswith("99999"):
            return "account_closed"
        if payout.recipient["kind"] == "self_employed" and payout.recipient["inn"].endswith("13"):
            return "not_self_employed"
        return "insufficient_funds" if payout.amount > self._balance else None

    def _settle(self, payout: Payout, status: str, reason: str | None) -> None:
        payout.status, payout.reason, payout.settled_at = status, reason, time.time()
        if status == "executed":
            self._balance -= payout.amount
            self._keeping.put("balance", "", self._balance)
        self._keeping.put("payout", payout.id, payout)

    def _now(self, payout: Payout) -> Payout:
        if payout.status == "accepted" and payout.due_at is not None and time.time() >= payout.due_at:
            self._settle(payout, "executed", None)
        return payout

    def _json(self, payout: Payout) -> dict[str, Any]:
        shown = asdict(self._now(payout))
        del shown["digest"], shown["due_at"]
        for name in ("created_at", "settled_at"):
            moment = shown[name]
            shown[name] = datetime.fromtimestamp(moment, UTC).isoformat() if moment else None
        return shown


def _signed_in(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {BANK_TOKEN}".encode()):
            return _error(401, "unauthorized", "the token is wrong")
        return await handler(request)

    return handle


def _error(status: int, code: str, text: str) -> web.Response:
    return web.json_response({"error": {"code": code, "text": text}}, status=status)


def _fault_of(body: dict[str, Any]) -> str:
    """Return what is wrong with a payout; empty when nothing is."""
    amount, recipient = body.get("amount"), body.get("recipient")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= AMOUNT_MAX:
        return "amount: kopecks, more than 0"
    if body.get("currency") != "RUB":
        return "currency: RUB"
    if not isinstance(body.get("purpose"), str) or not 0 < len(body["purpose"]) <= PURPOSE_MAX:
        return f"purpose: 1 to {PURPOSE_MAX} signs"
    if not isinstance(recipient, dict) or recipient.get("kind") not in KINDS:
        return f"recipient.kind: one of {', '.join(KINDS)}"
    patterns = {
        "account": r"\d{20}",
        "bic": r"\d{9}",
        "inn": r"\d{10}" if recipient["kind"] == "company" else r"\d{12}",
    }
    for field, pattern in patterns.items():
        if not re.fullmatch(pattern, str(recipient.get(field, "")), re.ASCII):
            return f"recipient.{field}: {pattern}"
    name = recipient.get("name")
    return (
        ""
        if isinstance(name, str) and 0 < len(name) <= NAME_MAX
        else f"recipient.name: 1 to {NAME_MAX} signs"
    )
