"""Receipts as paper."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from samovar.simulators.payments.page import MOSCOW, layout
from samovar.simulators.payments.qr import svg
from samovar.simulators.payments.words import Language

if TYPE_CHECKING:
    from samovar.simulators.fiscal.desk import Receipt

_STYLE = """<style>
.paper { background: #fffdf7; color: #1c1a16; max-width: 380px; margin: 0 auto 16px; padding: 20px 18px; border-radius: 4px;
  font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; box-shadow: 0 2px 14px #0003; }
.paper h2 { text-align: center; font-size: 1rem; margin: 0 0 2px; } .paper p { margin: 0 0 8px; text-align: center; }
.paper dl { display: grid; grid-template-columns: 1fr auto; gap: 2px 10px; margin: 8px 0; }
.paper dt { overflow-wrap: anywhere; } .paper dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.paper hr { border: 0; border-top: 1px dashed #8a8577; margin: 10px 0; } .paper .total { font-size: 1.25rem; font-weight: 700; }
.paper .qr { width: 140px; margin: 12px auto 0; } .paper .note { opacity: .75; grid-column: 1 / -1; }
.sheets { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); align-items: start; }
</style>"""
WORDS: dict[Language, dict[str, str]] = {
    "ru": {
        "title": "Чеки",
        "about": "Имитатор онлайн-кассы: чеки никуда не передаются.",
        "empty": "Пока ни одного чека.",
        "sell": "ПРИХОД",
        "sell_refund": "ВОЗВРАТ ПРИХОДА",
        "sell_correction": "КОРРЕКЦИЯ ПРИХОДА",
        "sell_refund_correction": "КОРРЕКЦИЯ ВОЗВРАТА ПРИХОДА",
        "buy_refund_correction": "КОРРЕКЦИЯ ВОЗВРАТА РАСХОДА",
        "buy": "РАСХОД",
        "buy_refund": "ВОЗВРАТ РАСХОДА",
        "buy_correction": "КОРРЕКЦИЯ РАСХОДА",
        "wait": "ожидает регистрации",
        "done": "зарегистрирован",
        "fail": "отклонён кассой",
        "total": "ИТОГ",
        "electronic": "Безналичными",
        "prepaid": "Зачёт аванса",
        "agent": "Агент",
        "supplier": "Поставщик",
        "buyer": "Покупатель",
        "link": "Чек",
        "full_prepayment": "предоплата 100 %",
        "prepayment": "предоплата",
        "advance": "аванс",
        "full_payment": "полный расчёт",
        "partial_payment": "частичный расчёт",
        "none": "без НДС",
    },
    "en": {
        "title": "Receipts",
        "about": "A simulated cash register: receipts go nowhere.",
        "empty": "No receipt yet.",
        "sell": "SALE",
        "sell_refund": "REFUND OF SALE",
        "sell_correction": "CORRECTION OF SALE",
        "sell_refund_correction": "CORRECTION OF REFUND",
        "buy_refund_correction": "CORRECTION OF REFUND OF PURCHASE",
        "buy": "PURCHASE",
        "buy_refund": "REFUND OF PURCHASE",
        "buy_correction": "CORRECTION OF PURCHASE",
        "wait": "waits for its register",
        "done": "registered",
        "fail": "refused by the register",
        "total": "TOTAL",
        "electronic": "Paid electronically",
        "prepaid": "Advance offset",
        "agent": "Agent",
        "supplier": "Supplier",
        "buyer": "Buyer",
        "link": "Receipt",
        "full_prepayment": "prepayment 100 %",
        "prepayment": "prepayment",
        "advance": "advance",
        "full_payment": "full payment",
        "partial_payment": "partial payment",
        "none": "no VAT",
    },
}
_PREPAID = 2
_TAX_SYSTEMS = {
    "osn": "ОСН",
    "usn_income": "УСН доход",
    "usn_income_outcome": "УСН доход - расход",
    "esn": "ЕСХН",
    "patent": "Патент",
}


def receipts_page(receipts: Sequence["Receipt"], *, language: Language) -> str:
    """Return the latest receipts, newest first."""
    words = WORDS[language]
    sheets = "".join(_sheet(one, words, language, with_code=False) for one in receipts)
    shown = f'<div class="sheets">{sheets}</div>' if sheets else f"<p>{words['empty']}</p>"
    content = f'{_STYLE}<h1>{words["title"]}</h1><p class="demo">{words["about"]}</p>{shown}'
    return layout(words["title"], content, language=language)


def receipt_page(receipt: "Receipt", *, language: Language) -> str:
    """Return one receipt, with the code that the tax service's app reads."""
    words = WORDS[language]
    content = (
        f'{_STYLE}<p class="demo">{words["about"]}</p>{_sheet(receipt, words, language, with_code=True)}'
    )
    return layout(words["link"], content, language=language, narrow=True)


def _sheet(receipt: "Receipt", words: dict[str, str], language: Language, *, with_code: bool) -> str:
    body = receipt.body
    company, client, payload = body.get("company", {}), body.get("client") or {}, receipt.payload
    items = "".join(_item(item, words) for item in body["items"])
    payments = "".join(
        f"<dt>{words['prepaid' if one['type'] == _PREPAID else 'electronic']}</dt><dd>{_sum(one['sum'])}</dd>"
        for one in body["payments"]
    )
    # A shop that does not hand out its buyers' addresses sends its own.
    contact = client.get("email") or client.get("phone") or ""
    buyer = "" if contact == company.get("email") else f"<p>{words['buyer']}: {escape(str(contact))}</p>"
    signs = (
        f"<dl><dt>ФН</dt><dd>{payload['fn_number']}</dd><dt>ФД</dt><dd>{payload['fiscal_document_number']}</dd>"
        f"<dt>ФПД</dt><dd>{payload['fiscal_document_attribute']}</dd></dl>"
        if payload
        else ""
    )
    reason = escape(receipt.error["text"]) if receipt.error else ""
    tax_system = str(company.get("sno", ""))
    moment = datetime.fromtimestamp(receipt.taken_at, MOSCOW)
    link = f'<p><a href="/receipts/{receipt.uuid}?lang={language}">{words["link"]}</a></p>'
    return f"""<article class="paper"><h2>{escape(str(company.get("payment_address", "")))}</h2>
<p>ИНН {escape(str(company.get("inn", "")))} · {escape(_TAX_SYSTEMS.get(tax_system, tax_system))}<br>{moment:%d.%m.%Y %H:%M:%S}</p>
<p><strong>{words[receipt.operation]}</strong><br>{words[receipt.status]} {reason}</p><hr>{items}<hr>
<dl><dt class="total">{words["total"]}</dt><dd class="total">{_sum(body["total"])}</dd>{payments}</dl>
{buyer}{signs}{svg(_code(receipt)) if with_code and payload else link}</article>"""


def _item(item: dict[str, Any], words: dict[str, str]) -> str:
    vat = str(item["vat"]["type"])
    rate = words["none"] if vat == "none" else f"НДС {vat.removeprefix('vat')}"
    notes = f"{words[item['payment_method']]} · {rate}"
    if supplier := item.get("supplier_info"):
        notes += (
            f"<br>{words['supplier']}: {escape(str(supplier['name']))}, ИНН {escape(str(supplier['inn']))}"
        )
    return (
        f"<dl><dt>{escape(item['name'])}</dt><dd>{_sum(item['sum'])}</dd><dd class='note'>{notes}</dd></dl>"
    )


def _sum(value: object) -> str:
    return f"{value:.2f}".replace(".", ",")


def _code(receipt: "Receipt") -> str:
    """Return the text of the code on a receipt, as the tax service reads it (annex to the order ЕД-7-20/662)."""
    payload = receipt.payload
    moment = datetime.strptime(payload["receipt_datetime"], "%d.%m.%Y %H:%M:%S")  # noqa: DTZ007  printed so
    kind = {"sell": 1, "sell_refund": 2, "buy": 3, "buy_refund": 4}.get(receipt.operation, 1)
    return (
        f"t={moment:%Y%m%dT%H%M}&s={payload['total']:.2f}&fn={payload['fn_number']}"
        f"&i={payload['fiscal_document_number']}&fp={payload['fiscal_document_attribute']}&n={kind}"
    )
