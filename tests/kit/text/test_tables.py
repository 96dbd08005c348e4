"""Tables that a spreadsheet reads as they are meant, and never runs."""

import csv
import io

import pytest

from samovar.kit.text.tables import csv_of, harmless


def test_a_spreadsheet_reads_what_was_written() -> None:
    rows = [["имя", "сумма"], ["Чай; «крепкий», да", "-1,50"], ['"', "две\nстроки"]]
    content = csv_of(rows, delimiter=";")
    assert content.startswith("\ufeff".encode())
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")) == rows


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_is_not_run(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_a_plain_text_stays() -> None:
    assert harmless("Самовар = чай") == "Самовар = чай"
