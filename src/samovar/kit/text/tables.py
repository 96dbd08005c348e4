"""Tables for spreadsheets: CSV in UTF-8 with a mark, without which they guess another encoding, and no cell that they would run."""

import csv
import io
from collections.abc import Iterable, Sequence

_MARK = "\ufeff"
# What makes a spreadsheet run a cell instead of showing it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_of(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> bytes:
    """Return rows as CSV (RFC 4180). Text that somebody else wrote goes through `harmless` first; a number may begin with `-`."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return (_MARK + lines.getvalue()).encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
