"""The history as a table that spreadsheets read: CSV in UTF-8 with a mark, its first line in the reader's language.

Semicolons and commas: a spreadsheet set to Russian takes `499,00` for a number and `;` for the border of a cell, one set to English
`499.00` and `,`.
"""

import csv
import io
from collections.abc import Sequence

from samovar.kit.i18n import Catalogue, Language
from samovar.kit.money import Money, minor_digits
from samovar.services.payment.wallet.schemas import WalletEntry

COLUMNS = ("date", "title", "money", "step", "change", "balance", "currency", "id", "cause_id")
_MARK = "\ufeff"
# What makes a spreadsheet run a cell instead of showing it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write(entries: Sequence[WalletEntry], catalogue: Catalogue, language: Language) -> bytes:
    """Return lines of a history as CSV."""
    lines = io.StringIO()
    table = csv.writer(lines, delimiter=";" if language == "ru" else ",", lineterminator="\r\n")
    table.writerow([catalogue.text(f"payment.wallet_column.{column}", language) for column in COLUMNS])
    for entry in entries:
        table.writerow(
            [
                entry.created_at.strftime("%Y-%m-%d %H:%M:%S"),
                shown(entry.title),
                shown(catalogue.text(f"payment.wallet_money.{entry.money}", language)),
                shown(catalogue.text(f"payment.wallet_step.{entry.step}", language)),
                spelled(entry.change, language),
                spelled(entry.balance, language),
                entry.change.currency,
                str(entry.id),
                str(entry.cause_id),
            ]
        )
    return (_MARK + lines.getvalue()).encode()


def shown(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


def spelled(money: Money, language: Language) -> str:
    """Return an amount as a number in whole units: `-499,00`."""
    digits = minor_digits(money.currency)
    whole, part = divmod(abs(money.amount), 10**digits)
    sign = "-" if money.amount < 0 else ""
    point = "," if language == "ru" else "."
    return f"{sign}{whole}{point}{part:0{digits}}" if digits else f"{sign}{whole}"
