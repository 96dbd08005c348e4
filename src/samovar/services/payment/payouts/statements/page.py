"""An act with the agent's report as a page to be printed, in Russian."""

from collections.abc import Iterable
from html import escape

from samovar.kit.i18n import format_date, format_money
from samovar.kit.money import Money
from samovar.services.payment.payouts.statements.domain import form_name, words_of
from samovar.services.payment.payouts.statements.schemas import SoldPackage, Statement

_STYLE = (
    "body{font:12pt/1.4 serif;max-width:190mm;margin:10mm auto;padding:0 4mm;color:#000;background:#fff;overflow-wrap:anywhere}"
    ".wide{overflow-x:auto;margin:4mm 0}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #000;padding:1mm 2mm;text-align:right}td+td,th+th{white-space:nowrap}"
    "th{overflow-wrap:normal}th:first-child,td:first-child{text-align:left;min-width:28mm}h1{font-size:15pt}"
    ".signs{display:flex;flex-wrap:wrap;gap:8mm;justify-content:space-between;margin-top:15mm}"
    "@media screen and (max-width:600px){body{font-size:11pt;margin:4mm 0}th,td{padding:1mm}}"
    "@media print{body{margin:0;padding:0}.wide{overflow:visible}}"
)
_MOVEMENTS = {
    "sale": "Причитается принципалу с продаж",
    "refund": "Возвраты",
    "reserve": "Удержано в резерв",
    "release": "Возвращено из резерва",
    "offset": "Зачтено в счёт долга",
    "payout": "Перечислено",
}
_ORDER = {code: place for place, code in enumerate(_MOVEMENTS)}
_ROUBLES = "RUB"


def page_of(statement: Statement) -> bytes:
    """Return the page."""
    document, payee = statement.document, statement.document.payee
    number, issued = escape(statement.number), format_date(statement.issued_at.date(), "ru")
    period = f"с {format_date(statement.begins_on, 'ru')} по {format_date(statement.ends_on, 'ru')}"
    vat = (
        f"в том числе НДС {document.commission_vat_percent} % — {_money(statement, document.commission_vat)}"
        if document.commission_vat
        else "НДС не облагается"
    )
    kpp = f", КПП {escape(payee.kpp)}" if payee.kpp else ""
    named = form_name(payee.legal_form)
    form = "" if payee.name.startswith(named) else f" ({named})"
    parties = (
        f"<p>Агент: {escape(document.seller.name)}, ИНН {escape(document.seller.inn)}.<br>"
        f"Принципал: {escape(payee.name)}{form}, ИНН {escape(payee.inn)}{kpp}.<br>"
        f"Договор № {escape(payee.contract_number)} от {format_date(payee.contract_date, 'ru')}. Отчётный период: {period}.</p>"
    )
    parts = [
        f"<h1>Акт и отчёт агента № {number} от {issued}</h1>",
        parties,
        _table("Продано", statement, document.sold),
        _table("Возвращено покупателям", statement, document.refunded),
        f"<p>Вознаграждение агента за период: {_money(statement, document.commission)} ({_words(statement, document.commission)}), {vat}.</p>",
        '<div class="wide"><table><tr><th>Расчёты</th><th>Сумма</th></tr>',
        f"<tr><td>Задолженность агента на начало периода</td><td>{_money(statement, document.opening)}</td></tr>",
        *(
            f"<tr><td>{_MOVEMENTS.get(one.code, escape(one.code))}</td><td>{_money(statement, one.amount)}</td></tr>"
            for one in sorted(document.movements, key=lambda one: _ORDER.get(one.code, len(_ORDER)))
        ),
        f"<tr><td>Задолженность агента на конец периода</td><td>{_money(statement, document.closing)}</td></tr>",
        f"<tr><td>Кроме того, в резерве</td><td>{_money(statement, document.reserve)}</td></tr></table></div>",
        f"<p>Всего к перечислению: {_words(statement, document.closing)}.</p>",
        "<p>Услуги оказаны полностью и в срок. Принципал претензий по объёму, качеству и срокам не имеет.</p>",
        '<div class="signs"><span>Агент ______________</span><span>Принципал ______________</span></div>',
    ]
    return (
        f'<!doctype html><html lang="ru"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Акт № {number}</title><style>{_STYLE}</style><body>'
        + "\n".join(parts)
        + "</body></html>"
    ).encode()


def _table(title: str, statement: Statement, packages: Iterable[SoldPackage]) -> str:
    rows = list(packages)
    if not rows:
        return f"<p>{title}: нет.</p>"
    head = "".join(f"<th>{name}</th>" for name in (title, "Штук", "Оплачено", "НДС", "Агенту", "Принципалу"))
    total = SoldPackage(
        package_id=rows[0].package_id,
        name="Итого",
        count=sum(row.count for row in rows),
        gross=sum(row.gross for row in rows),
        tax=sum(row.tax for row in rows),
        commission=sum(row.commission for row in rows),
        developer=sum(row.developer for row in rows),
    )
    body = "".join(_row(statement, row) for row in (*rows, total))
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _row(statement: Statement, row: SoldPackage) -> str:
    amounts = (row.gross, row.tax, row.commission, row.developer)
    cells = "".join(f"<td>{_money(statement, amount)}</td>" for amount in amounts)
    return f"<tr><td>{escape(row.name)}</td><td>{row.count}</td>{cells}</tr>"


def _money(statement: Statement, amount: int) -> str:
    return escape(format_money(Money(amount, statement.currency), "ru"))


def _words(statement: Statement, amount: int) -> str:
    """Return an amount in words; another currency than roubles in digits."""
    if statement.currency != _ROUBLES:
        return _money(statement, amount)
    if amount < 0:
        return f"минус {words_of(-amount)}"
    return words_of(amount)
