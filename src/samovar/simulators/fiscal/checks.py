"""What the service refuses to take: receipts that the format or the arithmetic forbids. Sums are roubles with two decimals."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

TAX_SYSTEMS = ("osn", "usn_income", "usn_income_outcome", "esn", "patent")
METHODS = (
    "full_prepayment",
    "prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
)
# Tag 1212: 1 goods, 3 work, 4 service, 9 results of intellectual activity, 10 payment, 11 agent's fee, and others.
OBJECTS = (*range(1, 28), 30, 31, 32, 33)
VATS = {
    **dict.fromkeys(("none", "vat0", "vat10", "vat110", "vat20", "vat120"), date.min),
    **dict.fromkeys(("vat5", "vat105", "vat7", "vat107"), date(2025, 1, 1)),
    **dict.fromkeys(("vat22", "vat122"), date(2026, 1, 1)),
}
AGENTS = (
    "bank_paying_agent",
    "bank_paying_subagent",
    "paying_agent",
    "paying_subagent",
    "attorney",
    "commission_agent",
    "another",
)
PAYMENT_TYPES = range(10)
PREPAID = 2
ITEMS_MAX = 100
NAME_MAX = 128
SUM_MAX = Decimal("42949672.95")
EXTERNAL_ID_MAX = 128
_CENT = Decimal("0.01")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}\Z")
_PHONE = re.compile(r"\+?\d{5,19}\Z", re.ASCII)
_INN = re.compile(r"\d{10}(?:\d{2})?\Z", re.ASCII)
_WEIGHTS = {
    10: (((2, 4, 10, 3, 5, 9, 4, 6, 8), 9),),
    12: (((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 10), ((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 11)),
}


def moment_of(text: object) -> datetime | None:
    """Return a time as the service writes it, `27.11.2026 15:04:05`."""
    try:
        return datetime.strptime(str(text), "%d.%m.%Y %H:%M:%S")  # noqa: DTZ007  Moscow's, without a zone
    except ValueError:
        return None


def faults_of(document: dict[str, Any], operation: str) -> list[str]:
    """Return what is wrong with a document; nothing when it is taken."""
    return [*_faults(document, operation)]


def _faults(document: dict[str, Any], operation: str) -> Iterator[str]:
    external_id = document.get("external_id")
    if not isinstance(external_id, str) or not 0 < len(external_id) <= EXTERNAL_ID_MAX:
        yield f"external_id: 1 to {EXTERNAL_ID_MAX} signs"
    moment = moment_of(document.get("timestamp"))
    if moment is None:
        yield "timestamp: dd.mm.yyyy HH:MM:SS"
    is_correction = operation.endswith("_correction")
    receipt = document.get("correction" if is_correction else "receipt")
    if not isinstance(receipt, dict):
        yield f"{'correction' if is_correction else 'receipt'}: is needed"
        return
    if is_correction:
        yield from _correction_faults(receipt.get("correction_info"))
    else:
        yield from _client_faults(receipt.get("client"))
    yield from _company_faults(receipt.get("company"))
    yield from _money_faults(receipt, moment.date() if moment else date.max)


def _client_faults(client: object) -> Iterator[str]:
    if not isinstance(client, dict) or not (client.get("email") or client.get("phone")):
        yield "receipt.client: email or phone is needed"
        return
    if client.get("email") and not _EMAIL.match(str(client["email"])):
        yield "receipt.client.email: is not an address"
    if client.get("phone") and not _PHONE.match(str(client["phone"])):
        yield "receipt.client.phone: is not a number"


def _company_faults(company: object) -> Iterator[str]:
    if not isinstance(company, dict):
        yield "company: is needed"
        return
    if not _EMAIL.match(str(company.get("email", ""))):
        yield "company.email: is not an address"
    if company.get("sno") not in TAX_SYSTEMS:
        yield f"company.sno: one of {', '.join(TAX_SYSTEMS)}"
    if not is_inn(company.get("inn")):
        yield "company.inn: is not an INN"
    if not company.get("payment_address"):
        yield "company.payment_address: is needed"


def _correction_faults(info: object) -> Iterator[str]:
    if not isinstance(info, dict) or info.get("type") not in {"self", "instruction"}:
        yield "correction_info.type: self or instruction"
        return
    try:
        datetime.strptime(str(info.get("base_date")), "%d.%m.%Y")  # noqa: DTZ007  a day
    except ValueError:
        yield "correction_info.base_date: dd.mm.yyyy"
    if info["type"] == "instruction" and not info.get("base_number"):
        yield "correction_info.base_number: is needed"


def _money_faults(receipt: dict[str, Any], day: date) -> Iterator[str]:
    items, payments, total = receipt.get("items"), receipt.get("payments"), _sum(receipt.get("total"))
    if not isinstance(items, list) or not 0 < len(items) <= ITEMS_MAX:
        yield f"items: 1 to {ITEMS_MAX}"
        return
    for number, item in enumerate(items):
        for fault in _item_faults(item, day) if isinstance(item, dict) else ("is an object",):
            yield f"items[{number}].{fault}"
    if total is None:
        yield "total: a sum"
        return
    if total != sum(
        (_sum(item.get("sum")) or Decimal(0) for item in items if isinstance(item, dict)), Decimal(0)
    ):
        yield "total: is not the sum of the items"
    given = [_sum(item.get("sum")) for item in items if isinstance(item, dict) and not _is_prepayment(item)]
    yield from _payment_faults(
        payments, total, most_prepaid=sum((part or Decimal(0) for part in given), Decimal(0))
    )


def _payment_faults(payments: object, total: Decimal, *, most_prepaid: Decimal) -> Iterator[str]:
    if not isinstance(payments, list) or not payments:
        yield "payments: at least one"
        return
    paid = Decimal(0)
    for number, payment in enumerate(payments):
        part = _sum(payment.get("sum")) if isinstance(payment, dict) else None
        if part is None or payment.get("type") not in PAYMENT_TYPES:
            yield f"payments[{number}]: a type and a sum"
        else:
            paid += part
            if payment["type"] == PREPAID and part > most_prepaid:
                yield f"payments[{number}]: a prepayment is not paid by a prepayment"
    if paid != total:
        yield "payments: are not the total"


def _item_faults(item: dict[str, Any], day: date) -> Iterator[str]:
    name, price, part = item.get("name"), _sum(item.get("price")), _sum(item.get("sum"))
    if not isinstance(name, str) or not 0 < len(name) <= NAME_MAX:
        yield f"name: 1 to {NAME_MAX} signs"
    quantity = _number(item.get("quantity"))
    if price is None or part is None or quantity is None or quantity <= 0:
        yield "price, quantity and sum: are needed"
    elif (price * quantity).quantize(_CENT) != part:
        yield "sum: is not price × quantity"
    if item.get("measure") not in range(256):
        yield "measure: a whole number"
    if item.get("payment_method") not in METHODS:
        yield f"payment_method: one of {', '.join(METHODS)}"
    if item.get("payment_object") not in OBJECTS:
        yield "payment_object: tag 1212"
    vat = item.get("vat")
    kind = vat.get("type") if isinstance(vat, dict) else None
    if kind not in VATS:
        yield f"vat.type: one of {', '.join(VATS)}"
    elif VATS[kind] > day:
        yield f"vat.type: {kind} does not exist at this date"
    yield from _agent_faults(item)


def _agent_faults(item: dict[str, Any]) -> Iterator[str]:
    agent, supplier = item.get("agent_info"), item.get("supplier_info")
    if agent is None:
        if supplier is not None:
            yield "supplier_info: without agent_info"
        return
    if not isinstance(agent, dict) or agent.get("type") not in AGENTS:
        yield f"agent_info.type: one of {', '.join(AGENTS)}"
    if not isinstance(supplier, dict):
        yield "supplier_info: is needed with agent_info"
        return
    inn = supplier.get("inn")
    if inn != "000000000000" and not is_inn(inn):
        yield "supplier_info.inn: is not an INN"
    if not isinstance(supplier.get("name"), str) or not 0 < len(supplier["name"]) <= NAME_MAX * 2:
        yield "supplier_info.name: is needed"
    phones = supplier.get("phones", [])
    if not isinstance(phones, list) or not all(_PHONE.match(str(phone)) for phone in phones):
        yield "supplier_info.phones: numbers"


def is_inn(text: object) -> bool:
    """Tell whether a text is a taxpayer's number with right check digits (the order of the tax service of 2012)."""
    if not isinstance(text, str) or not _INN.match(text):
        return False
    digits = [int(sign) for sign in text]
    return all(
        sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 % 10 == digits[place]
        for weights, place in _WEIGHTS[len(text)]
    )


def _is_prepayment(item: object) -> bool:
    return isinstance(item, dict) and item.get("payment_method") in {
        "full_prepayment",
        "prepayment",
        "advance",
    }


def _number(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _sum(value: object) -> Decimal | None:
    number = _number(value)
    if number is None or not 0 <= number <= SUM_MAX or number != number.quantize(_CENT):
        return None
    return number
