"""Acts and registers as tables: CSV in UTF-8 that Excel opens, with nothing in it that a spreadsheet would run."""

from collections.abc import Iterable, Sequence

import msgspec

from samovar.kit.money import Money
from samovar.kit.text.tables import csv_of, harmless
from samovar.services.payment.payouts.domain import month_text
from samovar.services.payment.payouts.payees.schemas import PayeeDetails
from samovar.services.payment.payouts.statements.repository import RegisterLine
from samovar.services.payment.payouts.statements.schemas import Statement


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
                harmless(one.name),
                one.count,
                *(_roubles(part) for part in (one.gross, one.tax, one.commission, one.developer)),
            )
            for one in packages
        ]
    rows.append(("opening", "", "", "", "", "", "", _roubles(document.opening)))
    rows += [("movement", one.code, "", "", "", "", "", _roubles(one.amount)) for one in document.movements]
    rows.append(("closing", "", "", "", "", "", "", _roubles(document.closing)))
    return csv_of(rows)


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
                harmless(details.name),
                details.inn,
                details.kpp or "",
                details.bik,
                details.bank_number,
                _roubles(line.amount),
                line.currency,
                harmless(details.contract_number),
            )
        )
    return csv_of(rows)


def _roubles(kopecks: int) -> str:
    return Money(kopecks, "RUB").decimal()
