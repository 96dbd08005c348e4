"""The history as a table that spreadsheets read: CSV in UTF-8 with a mark, its first line in the reader's language.

Semicolons and commas: a spreadsheet set to Russian takes `499,00` for a number and `;` for the border of a cell, one set to English
`499.00` and `,`.
"""

from collections.abc import Sequence

from samovar.kit.i18n import Catalogue, Language
from samovar.kit.text.tables import csv_of, harmless
from samovar.services.payment.wallet.schemas import WalletEntry

COLUMNS = ("date", "title", "money", "step", "change", "balance", "currency", "id", "cause_id")


def write(entries: Sequence[WalletEntry], catalogue: Catalogue, language: Language) -> bytes:
    """Return lines of a history as CSV."""
    point = "," if language == "ru" else "."
    head = [catalogue.text(f"payment.wallet_column.{column}", language) for column in COLUMNS]
    lines = [
        (
            entry.created_at.strftime("%Y-%m-%d %H:%M:%S"),
            harmless(entry.title),
            harmless(catalogue.text(f"payment.wallet_money.{entry.money}", language)),
            harmless(catalogue.text(f"payment.wallet_step.{entry.step}", language)),
            entry.change.decimal(point),
            entry.balance.decimal(point),
            entry.change.currency,
            entry.id,
            entry.cause_id,
        )
        for entry in entries
    ]
    return csv_of([head, *lines], delimiter=";" if language == "ru" else ",")
