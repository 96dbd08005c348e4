"""The sheet of OWASP ASVS 5.0, chapters V6 to V10: every requirement of levels 1 and 2 has its evidence, and the evidence exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
SHEET = "docs/security/asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
REASON = re.compile(r"^(?:Does not apply|By decision|Documented): \S.{15,}")
# How many requirements each section has at levels 1 and 2, as OWASP numbers them (5.0.0).
WANTED = """
    6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4
    7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2
    8.1.1-2 8.2.1-3 8.3.1-1 8.4.1-1
    9.1.1-3 9.2.1-4
    10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3
"""


def wanted() -> Iterator[str]:
    for part in WANTED.split():
        section, _, numbers = part.rpartition(".")
        first, _, last = numbers.partition("-")
        yield from (f"{section}.{number}" for number in range(int(first), int(last) + 1))


@cache
def functions_in(path: str) -> frozenset[str]:
    file = TOP / path
    if not file.exists():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def faults_of(sheet: str) -> list[str]:
    """Return what is wrong with a sheet."""
    rows = {number: (level, evidence.strip()) for number, level, _, evidence in ROW.findall(sheet)}
    levels = {number for number, (level, _) in rows.items() if level != "3"}
    found = [f"{number} has no row" for number in wanted() if number not in levels]
    found += [f"{number} is no requirement of level 1 or 2" for number in sorted(levels - set(wanted()))]
    for number, (_, evidence) in rows.items():
        tests = TEST.findall(evidence)
        if not tests and not REASON.match(evidence):
            found.append(f"{number} names neither a test nor a reason")
        found += [f"{number}: {path} has no {name}" for path, name in tests if name not in functions_in(path)]
    return found


def test_every_requirement_has_a_test_that_exists_or_a_reason() -> None:
    assert len(list(wanted())) == 96
    assert faults_of((TOP / SHEET).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| 6.2.1 | 1 | Long enough | soon |", "6.2.1 names neither a test nor a reason"),
        ("| 6.2.1 | 1 | Long enough | Does not apply: no |", "6.2.1 names neither a test nor a reason"),
        (
            "| 6.2.1 | 1 | Long enough | `tests/architecture/test_asvs.py::test_nowhere` |",
            "6.2.1: tests/architecture/test_asvs.py has no test_nowhere",
        ),
        (
            "| 6.9.9 | 1 | Invented | Does not apply: there is no such thing at all |",
            "6.9.9 is no requirement",
        ),
        ("", "6.2.1 has no row"),
    ],
)
def test_a_planted_fault_is_found(row: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(f"{row}\n"))
