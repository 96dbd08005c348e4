"""What YooKassa's calls are made of: sums, moments, errors, pages, what a body may say."""

import base64
import hmac
import itertools
import json
import operator
import re
import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from samovar.simulators.money.settings import YOOKASSA_SECRET_KEY, YOOKASSA_SHOP_ID
from samovar.simulators.payments.book import Payment

METHODS = ("bank_card", "sbp", "sberbank", "tinkoff_bank")
CONFIRMATIONS = ("redirect", "qr", "mobile_application", "external")
METADATA_MAX = 16
NOT_FOUND = "Incorrect payment_id. Payment doesn't exist or access denied."
PAGE_MAX = 100
_VALUE = re.compile(r"(\d{1,10})(?:\.(\d{1,2}))?\Z")
_BOUNDS = {"gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt}


class Answer(Exception):
    """An error in YooKassa's form."""

    def __init__(self, status: int, code: str, description: str, parameter: str | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"type": "error", "id": str(uuid.uuid4()), "code": code, "description": description}
        if parameter:
            self.body["parameter"] = parameter


WRONG = {"value": "1.00", "currency": "RUB"}


def money(amount: int, currency: str) -> dict[str, str]:
    """Return kopecks as YooKassa writes money."""
    return {"value": f"{amount // 100}.{amount % 100:02}", "currency": currency}


def moment(seconds: float) -> str:
    """Return a moment as YooKassa writes it: milliseconds and Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spoiled(answer: web.Response) -> web.Response:
    """Return an answer that names another sum."""
    body = json.loads(answer.text or "{}")
    return web.json_response(body | ({"amount": WRONG} if "amount" in body else {}), status=answer.status)


def unknown() -> web.Response:
    """Return the answer about a payment that does not exist."""
    return web.json_response(Answer(404, "not_found", NOT_FOUND, "payment_id").body, status=404)


def object_id(part: str = "000f") -> str:
    """Return an id in YooKassa's form; `0015` marks refunds."""
    return f"{secrets.token_hex(4)}-{part}-5000-8000-{secrets.token_hex(6)}"


def invalid(description: str, parameter: str) -> Answer:
    """Return the answer that a parameter is wrong."""
    return Answer(400, "invalid_request", description, parameter)


def check_credentials(request: web.Request) -> None:
    """Let in only the shop with its key."""
    expected = "Basic " + base64.b64encode(f"{YOOKASSA_SHOP_ID}:{YOOKASSA_SECRET_KEY}".encode()).decode()
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
        raise Answer(401, "invalid_credentials", "Error in shopId or secret key. Check their validity.")


async def json_body(request: web.Request) -> dict[str, Any]:
    """Return the object in a body."""
    if request.method != "POST":
        return {}
    raw = await request.read()
    if raw and request.content_type != "application/json":
        raise Answer(415, "invalid_request", "Content-Type is not application/json", "Content-Type")
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise invalid("The body is not JSON", "body") from None
    if not isinstance(body, dict):
        raise invalid("The body is not an object", "body")
    return body


def amount_of(body: dict[str, Any], name: str) -> tuple[int, str]:
    """Return a sum in kopecks, more than zero, and its currency."""
    given = body.get(name)
    value = given.get("value") if isinstance(given, dict) else None
    match = _VALUE.match(value) if isinstance(value, str) else None
    if not isinstance(given, dict) or match is None:
        raise invalid(f"{name}.value is not a sum", f"{name}.value")
    if given.get("currency") != "RUB":
        raise invalid("The shop takes RUB alone", f"{name}.currency")
    amount = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if amount == 0:
        raise invalid("The sum is zero", f"{name}.value")
    return amount, "RUB"


def text_of(body: dict[str, Any], name: str, most: int) -> str:
    """Return a text of at most so many signs."""
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise invalid(f"{name} is a text of at most {most} signs", name)
    return value


def method_of(body: dict[str, Any]) -> str | None:
    """Return the method that is asked for; none lets the payer choose."""
    data = body.get("payment_method_data")
    if data is None:
        return None
    kind = data.get("type") if isinstance(data, dict) else None
    if kind not in METHODS:
        raise invalid("The payment method is not available in this shop", "payment_method_data.type")
    return str(kind)


def confirmation_of(body: dict[str, Any], *, is_needed: bool) -> dict[str, Any]:
    """Return how the payer is to confirm."""
    asked = body.get("confirmation")
    if asked is None and not is_needed:
        return {"type": "external"}
    if not isinstance(asked, dict) or asked.get("type") not in CONFIRMATIONS:
        raise invalid("confirmation is needed", "confirmation.type")
    if asked["type"] in {"redirect", "mobile_application"} and not str(
        asked.get("return_url", "")
    ).startswith("http"):
        raise invalid("return_url is needed", "confirmation.return_url")
    return asked


def metadata_of(body: dict[str, Any]) -> dict[str, str]:
    """Return what the shop wants to have kept."""
    given = body.get("metadata") or {}
    if not isinstance(given, dict) or len(given) > METADATA_MAX:
        raise invalid(f"metadata holds at most {METADATA_MAX} keys", "metadata")
    return {str(name)[:32]: str(value)[:512] for name, value in given.items()}


def method_json(payment: Payment) -> dict[str, Any]:
    """Return the method of a payment as YooKassa shows it."""
    shown: dict[str, Any] = {
        "type": payment.method,
        "id": payment.saved_method or payment.id,
        "saved": payment.saved_method is not None,
    }
    if payment.card:
        shown["title"] = f"Bank card *{payment.card[-4:]}"
        shown["card"] = {
            "first6": payment.card[:6],
            "last4": payment.card[-4:],
            "expiry_month": "12",
            "expiry_year": "2030",
            "card_type": "Mir" if payment.card.startswith("220") else "MasterCard",
            "issuer_country": "RU",
        }
    return shown


def page_of(request: web.Request, found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return a page of a list after the filters of a query."""
    query = request.query
    for name, within in _BOUNDS.items():
        for column in ("created_at", "captured_at"):
            if edge := query.get(f"{column}.{name}"):
                found = [one for one in found if column in one and within(_time(one[column]), _time(edge))]
    if status := query.get("status"):
        found = [one for one in found if one["status"] == status]
    try:
        limit, start = int(query.get("limit", "10")), int(query.get("cursor", "0"))
    except ValueError:
        raise invalid("limit is 1 to 100", "limit") from None
    if not 1 <= limit <= PAGE_MAX or start < 0:
        raise invalid("limit is 1 to 100", "limit")
    items = list(itertools.islice(found, start, start + limit + 1))
    page = {"type": "list", "items": items[:limit]}
    return page | ({"next_cursor": str(start + limit)} if len(items) > limit else {})


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+"))
    except ValueError:
        raise invalid("a moment is ISO 8601", "created_at") from None
