"""The service's calls, and the page that shows receipts."""

import hmac
import json
import secrets
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from aiohttp import web

from samovar.simulators.fiscal.checks import faults_of
from samovar.simulators.fiscal.paper import receipt_page, receipts_page
from samovar.simulators.money.faults import Faults, Handler
from samovar.simulators.money.keeping import Keeping
from samovar.simulators.money.settings import FISCAL_GROUP, FISCAL_LOGIN, FISCAL_PASSWORD
from samovar.simulators.payments.desk import body_of
from samovar.simulators.payments.page import MOSCOW
from samovar.simulators.payments.words import Language, language_of

PATH = "/possystem/v5"
OPERATIONS = tuple(
    f"{kind}{what}"
    for kind in ("sell", "buy")
    for what in ("", "_refund", "_correction", "_refund_correction")
)
RECEIPTS_MAX = 20_000
TOKENS_MAX = 1_000
TOKEN_S = 86_400.0
REGISTER_S = 0.3
SHOWN_MAX = 100
_SHIFT_RECEIPTS = 200


@dataclass
class Receipt:
    """One document.

    Attributes:
        due_at: When it is registered by itself; none when it waits to be told.
        error: Why the register refused it.
        payload: What the register answered.
    """

    uuid: str
    external_id: str
    operation: str
    document: dict[str, Any]
    taken_at: float
    due_at: float | None
    status: str = "wait"
    error: dict[str, Any] | None = None
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The receipt in its document."""
        body: dict[str, Any] = self.document.get("receipt") or self.document["correction"]
        return body


class Fiscal:
    """The handlers.

    Args:
        address: `http://host:port` of the program; links to receipts lead there.
        keeping: Where receipts outlive the process; tokens do not.
    """

    def __init__(self, address: str, faults: Faults, keeping: Keeping) -> None:
        self._address = address
        self._faults = faults
        self._keeping = keeping
        self._receipts = OrderedDict(keeping.load("receipt", Receipt))
        for one in self._receipts.values():
            one.payload = {
                name: float(value) if isinstance(value, Decimal) else value
                for name, value in one.payload.items()
            }
        self._external = {one.external_id: one.uuid for one in self._receipts.values()}
        self._tokens: OrderedDict[str, float] = OrderedDict()
        self._register_s = REGISTER_S
        drives = keeping.load("drive", str)
        self._drive = drives.get("") or "".join(secrets.choice("0123456789") for _ in range(16))
        keeping.put("drive", "", self._drive)
        self._done = max(
            (one.payload.get("fiscal_document_number", 0) for one in self._receipts.values()), default=0
        )

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        spoil = self._faults.spoil
        return [
            web.post(f"{PATH}/getToken", spoil("fiscal", "token", self._token)),
            web.post(
                f"{PATH}/{{group}}/{{operation}}", spoil("fiscal", "create", self._signed_in(self._take))
            ),
            web.get(
                f"{PATH}/{{group}}/report/{{uuid}}", spoil("fiscal", "get", self._signed_in(self._report))
            ),
            web.get("/receipts", self._page),
            web.get("/receipts/{uuid}", self._paper),
            web.get("/control/receipts", self._list),
            web.put("/control/fiscal", self._settings),
            web.delete("/control/fiscal/tokens", self._forget_tokens),
            web.post("/control/receipts/{uuid}/{act}", self._control),
        ]

    async def _token(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        given = f"{body.get('login')} {body.get('pass')}".encode()
        if not hmac.compare_digest(given, f"{FISCAL_LOGIN} {FISCAL_PASSWORD}".encode()):
            return _answer(401, error=_error(12, "Неверный логин или пароль"))
        token = secrets.token_urlsafe(24)
        self._tokens[token] = time.time() + TOKEN_S
        while len(self._tokens) > TOKENS_MAX:
            self._tokens.popitem(last=False)
        return _answer(200, token=token)

    async def _take(self, request: web.Request) -> web.Response:
        operation, group = request.match_info["operation"], request.match_info["group"]
        if operation not in OPERATIONS:
            return _answer(400, error=_error(31, f"Неизвестная операция {operation}"))
        try:
            document = json.loads(await request.read(), parse_float=Decimal)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            return _answer(400, status="fail", error=_error(32, "Ошибка валидации входного чека: не JSON"))
        if wrong := faults_of(document, operation):
            text = f"Ошибка валидации входного чека: {'; '.join(wrong)}"
            return _answer(400, status="fail", error=_error(32, text))
        known = self._external.get(document["external_id"])
        if known:
            text = f"В системе существует чек с external_id : «{document['external_id']}» и group_code: «{group}»"
            return _answer(400, uuid=known, status="fail", error=_error(33, text))
        fault, now = request["fault"], time.time()
        receipt = Receipt(
            uuid=str(uuid.uuid4()),
            external_id=document["external_id"],
            operation=operation,
            document=document,
            taken_at=now,
            due_at=None if fault == "wait" else now + self._register_s,
        )
        self._receipts[receipt.uuid] = receipt
        self._external[receipt.external_id] = receipt.uuid
        while len(self._receipts) > RECEIPTS_MAX:
            forgotten, old = self._receipts.popitem(last=False)
            self._external.pop(old.external_id, None)
            self._keeping.drop("receipt", forgotten)
        if fault == "fail":
            _refuse(receipt, "Исчерпан ресурс хранения ФН")
        self._keep(receipt)
        return _answer(200, uuid=receipt.uuid, status="wait", error=None)

    async def _report(self, request: web.Request) -> web.Response:
        receipt = self._receipts.get(request.match_info["uuid"])
        if receipt is None:
            return _answer(400, error=_error(34, "Чек не найден"))
        self._advance(receipt)
        return _answer(
            200,
            uuid=receipt.uuid,
            external_id=receipt.external_id,
            status=receipt.status,
            error=receipt.error
            or (_error(34, "Нет информации, попробуйте позднее") if receipt.status == "wait" else None),
            payload=receipt.payload or None,
            group_code=FISCAL_GROUP,
            daemon_code="simulator",
            device_code="simulator-1",
            callback_url="",
        )

    async def _settings(self, request: web.Request) -> web.Response:
        """`{"register_s": seconds}`: how long a receipt stays on its way."""
        self._register_s = float((await body_of(request)).get("register_s", self._register_s))
        return web.json_response({"register_s": self._register_s})

    async def _forget_tokens(self, request: web.Request) -> web.Response:
        del request
        self._tokens.clear()
        return web.Response(status=204)

    async def _control(self, request: web.Request) -> web.Response:
        """`register`, or `refuse {text?}`."""
        receipt, act = self._receipts.get(request.match_info["uuid"]), request.match_info["act"]
        if receipt is None or act not in {"register", "refuse"}:
            raise web.HTTPNotFound
        if receipt.status != "wait":
            return web.json_response({"error": f"the receipt is {receipt.status}"}, status=409)
        if act == "register":
            self._register(receipt)
        else:
            _refuse(receipt, str((await body_of(request)).get("text", "Исчерпан ресурс хранения ФН")))
            self._keep(receipt)
        return web.json_response({"status": receipt.status})

    async def _list(self, request: web.Request) -> web.Response:
        external_id = request.query.get("external_id")
        found = [one for one in reversed(self._receipts.values()) if external_id in {None, one.external_id}]
        items = [
            {
                "uuid": one.uuid,
                "external_id": one.external_id,
                "operation": one.operation,
                "status": self._advance(one).status,
                "payload": one.payload,
                "document": one.document,
            }
            for one in found
        ]
        text = json.dumps({"items": items}, ensure_ascii=False, default=str)
        return web.json_response(text=text)

    async def _page(self, request: web.Request) -> web.Response:
        shown = [self._advance(one) for one in islice(reversed(self._receipts.values()), SHOWN_MAX)]
        return web.Response(text=receipts_page(shown, language=_language(request)), content_type="text/html")

    async def _paper(self, request: web.Request) -> web.Response:
        receipt = self._receipts.get(request.match_info["uuid"])
        if receipt is None:
            raise web.HTTPNotFound(text="no such receipt")
        return web.Response(
            text=receipt_page(self._advance(receipt), language=_language(request)), content_type="text/html"
        )

    def _signed_in(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            token = request.headers.get("Token") or request.query.get("token", "")
            if not token:
                return _answer(401, error=_error(10, "Не передан токен"))
            if self._tokens.get(token, 0.0) < time.time():
                return _answer(401, error=_error(11, "Срок действия токена истёк"))
            if request.match_info["group"] != FISCAL_GROUP:
                return _answer(400, error=_error(20, "Код группы не соответствует токену"))
            return await handler(request)

        return handle

    def _advance(self, receipt: Receipt) -> Receipt:
        if receipt.status == "wait" and receipt.due_at is not None and time.time() >= receipt.due_at:
            self._register(receipt)
        return receipt

    def _register(self, receipt: Receipt) -> None:
        self._done += 1
        receipt.status = "done"
        receipt.payload = {
            "total": float(receipt.body["total"]),
            "fns_site": "www.nalog.gov.ru",
            "fn_number": self._drive,
            "shift_number": 1 + self._done // _SHIFT_RECEIPTS,
            "receipt_datetime": f"{datetime.now(MOSCOW):%d.%m.%Y %H:%M:%S}",
            "fiscal_receipt_number": 1 + self._done % _SHIFT_RECEIPTS,
            "fiscal_document_number": self._done,
            "ecr_registration_number": "0000000001051234",
            "fiscal_document_attribute": secrets.randbelow(4_000_000_000) + 1,
            "ofd_inn": "7709364346",
            "ofd_receipt_url": f"{self._address}/receipts/{receipt.uuid}",
        }
        self._keep(receipt)

    def _keep(self, receipt: Receipt) -> None:
        self._keeping.put("receipt", receipt.uuid, receipt)


def _refuse(receipt: Receipt, text: str) -> None:
    receipt.status, receipt.due_at = "fail", None
    receipt.error = _error(-3979, text, kind="driver")


def _answer(http: int, /, **body: Any) -> web.Response:
    moment = f"{datetime.now(MOSCOW):%d.%m.%Y %H:%M:%S}"
    return web.json_response({"error": None, **body, "timestamp": moment}, status=http)


def _error(code: int, text: str, kind: str = "system") -> dict[str, Any]:
    return {"error_id": str(uuid.uuid4()), "code": code, "text": text, "type": kind}


def _language(request: web.Request) -> Language:
    return language_of(request.query.get("lang") or request.headers.get("accept-language") or "")
