"""Acts and registers as tables: CSV in UTF-8 that Excel opens, with nothing in it that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

import msgspec

from samovar.services.payment.payouts.domain import month_text
from samovar.services.payment.payouts.payees.schemas import PayeeDetails
from samovar.services.payment.payouts.statements.domain import digits_of
from samovar.services.payment.payouts.statements.repository import RegisterLine
from samovar.services.payment.payouts.statements.schemas import Statement

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(statement: Statement) -> bytes:
    """Return an act, a line for each package and movement: `kind,id,name,count,gross,tax,commission,developer`."""
    document = statement.document
    rows: list[Sequence[object]] = [
        ("kind", "id", "name", "count", "gross", "tax", "commission", "developer")
    ]
    for kind, packages in (("sale", document.sold), ("refund", document.refunded)):
        rows += [
            (
                kind,
                one.package_id,
                _harmless(one.name),
                one.count,
                *(digits_of(part) for part in (one.gross, one.tax, one.commission, one.developer)),
            )
            for one in packages
        ]
    rows.append(("opening", "", "", "", "", "", "", digits_of(document.opening)))
    rows += [("movement", one.code, "", "", "", "", "", digits_of(one.amount)) for one in document.movements]
    rows.append(("closing", "", "", "", "", "", "", digits_of(document.closing)))
    return _written(rows)


def register_csv(lines: Iterable[RegisterLine]) -> bytes:
    """Return payouts for the bank: `id,period,status,name,inn,kpp,bik,account,amount,currency,contract`."""
    rows: list[Sequence[object]] = [
        (
            "id",
            "period",
            "status",
            "name",
            "inn",
            "kpp",
            "bik",
            "account",
            "amount",
            "currency",
            "contract",
        )
    ]
    for line in lines:
        details = msgspec.convert(line.details, PayeeDetails)
        rows.append(
            (
                line.id,
                month_text(line.period),
                line.status,
                _harmless(details.name),
                details.inn,
                details.kpp or "",
                details.bik,
                details.bank_number,
                digits_of(line.amount),
                line.currency,
                _harmless(details.contract_number),
            )
        )
    return _written(rows)


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running what somebody called a game."""
    return f"'{text}" if text.startswith(_FORMULA) else text
