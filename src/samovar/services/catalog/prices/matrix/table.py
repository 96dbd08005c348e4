"""A price matrix as a table that spreadsheets read and write: CSV with `region`, `currency`, `price`, prices in whole units and their parts.

`599.00` and `599,00` are the same; so are commas and semicolons between columns, as the settings of the spreadsheet have it.
"""

import csv
import io
import re
from collections.abc import Mapping

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.money import Money, minor_digits
from samovar.kit.text.tables import csv_of
from samovar.services.catalog.prices.domain import AMOUNT_MAX
from samovar.services.catalog.prices.matrix.schemas import REGIONS_MAX

COLUMNS = ("region", "currency", "price")
_REGION = re.compile(r"[A-Z]{2,10}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PRICE = re.compile(r"(?P<whole>[0-9]{1,13})(?:[.,](?P<part>[0-9]{1,3}))?")


def write(prices: Mapping[str, Money]) -> bytes:
    """Return a matrix as CSV."""
    lines = [(region, price.currency, price.decimal()) for region, price in sorted(prices.items())]
    return csv_of([COLUMNS, *lines])


def read(content: bytes) -> dict[str, Money]:
    """Return the matrix in a CSV.

    Raises:
        InvalidInput: A line is not what it should be; fields are `lines[2].price`, counted from the first line of the file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("not UTF-8", fields=[FieldError("", "not_text", "not UTF-8")]) from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InvalidInput(str(error), fields=[FieldError("", "not_csv", str(error))]) from None
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != COLUMNS:
        fault = FieldError("lines[1]", "columns_wrong", "the columns are region, currency, price")
        raise InvalidInput("another table", fields=[fault])
    prices: dict[str, Money] = {}
    faults: list[FieldError] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        found = _price(row, number, prices)
        if isinstance(found, FieldError):
            faults.append(found)
        else:
            prices[row[0].strip()] = found
    if len(prices) > REGIONS_MAX:
        faults.append(FieldError("lines", "too_long", "too many regions", limit=str(REGIONS_MAX)))
    if faults:
        raise InvalidInput("the table breaks a rule", fields=faults[:REGIONS_MAX])
    return prices


def _price(row: list[str], number: int, prices: Mapping[str, Money]) -> Money | FieldError:
    field = f"lines[{number}]"
    if len(row) != len(COLUMNS):
        return FieldError(field, "columns_wrong", "three columns")
    region, currency, price = (cell.strip() for cell in row)
    digits = minor_digits(currency)
    match = _PRICE.fullmatch(price)
    part = (match["part"] or "") if match else ""
    faults = (
        (_REGION.fullmatch(region) is None, FieldError(f"{field}.region", "region_unknown", "not a region")),
        (region in prices, FieldError(f"{field}.region", "twice", "it is in the table already")),
        (
            _CURRENCY.fullmatch(currency) is None,
            FieldError(f"{field}.currency", "wrong_pattern", "not a currency"),
        ),
        (
            match is None or len(part) > digits,
            FieldError(f"{field}.price", "price_unreadable", "not a price", limit=str(digits)),
        ),
    )
    fault = next((fault for is_wrong, fault in faults if is_wrong), None)
    if fault or match is None:
        return fault or FieldError(f"{field}.price", "price_unreadable", "not a price")
    amount = int(match["whole"]) * 10**digits + int(part.ljust(digits, "0") or "0")
    if amount > AMOUNT_MAX:
        return FieldError(f"{field}.price", "too_large", "out of range", limit=str(AMOUNT_MAX))
    return Money(amount, currency)
