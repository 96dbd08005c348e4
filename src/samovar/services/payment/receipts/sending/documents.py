"""What the service of cash registers is sent: ATOL Online v5, fiscal data format 1.2. Pure.

Sums are kept as kopecks and become numbers with two decimals when they are written: no float is made on the way.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.moscow import MOSCOW, day_of
from samovar.services.payment.payouts.payees.regimes import Regimes
from samovar.services.payment.receipts.domain import Item
from samovar.services.payment.receipts.repository import Receipt
from samovar.services.payment.receipts.vat import vat_of
from samovar.services.payment.revenue.vat import VatRegime

# Tag 1212: the right to use the results of intellectual activity; a payment, of an advance.
RIGHT, PAYMENT = 9, 10
# Tag 1057, bit 6: an agent that is none of the special ones; with it stands who supplies (1224 to 1226).
AGENT = "another"
# Where nobody has claimed a game, or who sells it has not said who they are (order ЕД-7-20/662, note to tag 1226).
NO_INN = "000000000000"
NO_NAME = "Правообладатель"
ELECTRONIC, PREPAID = 1, 2
NAME_MAX = 256


class Supplier(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a game is sold."""

    organisation_id: UUID
    name: str
    inn: str


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """Whose receipts these are.

    Attributes:
        address: Of the shop: the platform's origin.
        vat_regime: Of its own advances.
    """

    inn: str
    email: str
    tax_system: str
    address: str
    vat_regime: VatRegime


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is sent."""

    name: str
    amount: int
    settlement: str
    subject: int
    vat: str
    supplier_name: str | None
    supplier_inn: str | None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as it is sent; kept with the first try, and never made anew.

    Attributes:
        made_at: Moscow time, as the service writes it.
        base_date: Of a correction: the day of what it mends.
    """

    made_at: str
    electronic: int
    offset_amount: int
    lines: tuple[Line, ...]
    base_date: str | None
    base_number: str | None


def document_of(
    receipt: Receipt, suppliers: Mapping[UUID, Supplier], regimes: Regimes, seller: Seller
) -> Document:
    """Return what is sent of a receipt."""
    made_at = receipt.planned_at.astimezone(MOSCOW)
    is_correction = receipt.operation.endswith("_correction")
    return Document(
        made_at=f"{made_at:%d.%m.%Y %H:%M:%S}",
        electronic=receipt.electronic,
        offset_amount=receipt.offset_amount,
        lines=tuple(_line(item, suppliers, regimes, seller) for item in receipt.items),
        base_date=f"{_base_day(receipt):%d.%m.%Y}" if is_correction else None,
        base_number=str(receipt.cause_id) if is_correction else None,
    )


def external_id_of(receipt: Receipt) -> str:
    """Return the id by which the service knows a receipt again: what it has refused is handed in under another one."""
    return f"{receipt.id}-{receipt.attempt}"


def wire_of(document: Document, external_id: str, seller: Seller) -> bytes:
    """Return the body of the call."""
    total = document.electronic + document.offset_amount
    paid = ((ELECTRONIC, document.electronic), (PREPAID, document.offset_amount))
    body: dict[str, Any] = {
        "company": {
            "email": seller.email,
            "sno": seller.tax_system,
            "inn": seller.inn,
            "payment_address": seller.address,
        },
        "items": [_wire_line(line) for line in document.lines],
        "payments": [{"type": kind, "sum": _roubles(amount)} for kind, amount in paid if amount],
        "total": _roubles(total),
    }
    if document.base_date:
        body["correction_info"] = {
            "type": "self",
            "base_date": document.base_date,
            "base_number": document.base_number,
        }
    else:
        body["client"] = {"email": seller.email}
    kind = "correction" if document.base_date else "receipt"
    return msgspec.json.encode({"external_id": external_id, "timestamp": document.made_at, kind: body})


def _line(item: Item, suppliers: Mapping[UUID, Supplier], regimes: Regimes, seller: Seller) -> Line:
    day = day_of(item.rated_at)
    is_prepayment = item.settlement != "full_payment"
    if item.is_own:
        vat = vat_of(seller.vat_regime, day, is_prepayment=is_prepayment)
        return Line(
            name=item.name,
            amount=item.amount,
            settlement=item.settlement,
            subject=PAYMENT,
            vat=vat,
            supplier_name=None,
            supplier_inn=None,
        )
    supplier = suppliers.get(item.organisation_id) if item.organisation_id else None
    regime = regimes.at(str(item.organisation_id), item.rated_at)
    return Line(
        name=item.name,
        amount=item.amount,
        settlement=item.settlement,
        subject=RIGHT,
        vat=vat_of(regime, day, is_prepayment=is_prepayment),
        supplier_name=supplier.name[:NAME_MAX] if supplier else NO_NAME,
        supplier_inn=supplier.inn if supplier else NO_INN,
    )


def _wire_line(line: Line) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "name": line.name,
        "price": _roubles(line.amount),
        "quantity": 1,
        "sum": _roubles(line.amount),
        "measure": 0,
        "payment_method": line.settlement,
        "payment_object": line.subject,
        "vat": {"type": line.vat},
    }
    if line.supplier_inn:
        wire["agent_info"] = {"type": AGENT}
        wire["supplier_info"] = {"name": line.supplier_name, "inn": line.supplier_inn}
    return wire


def _roubles(kopecks: int) -> msgspec.Raw:
    return msgspec.Raw(Money(kopecks, "RUB").decimal().encode())


def _base_day(receipt: Receipt) -> datetime:
    return min(item.rated_at for item in receipt.items).astimezone(MOSCOW)
