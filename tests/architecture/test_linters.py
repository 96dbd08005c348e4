"""The style rules that ruff keeps are really on: a planted fault is found under the checkout's own configuration."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
DOC = '"""A module."""\n'
SERVICE = "src/samovar/services/wishlist/api.py"
KIT = "src/samovar/kit/cache.py"
TEST = "tests/kit/test_cache.py"

# Rule, file, text: a fault in the last line of the text.
FAULTS = [
    ("T201", SERVICE, DOC + 'print("here")\n'),
    ("S101", SERVICE, DOC + "assert SERVICE\n"),
    ("S311", SERVICE, DOC + "import random\n\nodds = random.random()\n"),
    ("DTZ005", SERVICE, DOC + "from datetime import datetime\n\nnow = datetime.now()\n"),
    ("ASYNC251", SERVICE, DOC + "import time\n\n\nasync def wait() -> None:\n    time.sleep(1)\n"),
    ("FIX002", KIT, DOC + "# TO" + "DO: the rest\n"),
    ("BLE001", KIT, DOC + "try:\n    import os\nexcept Exception:\n    os = None\n"),
    ("S110", KIT, DOC + "try:\n    import os\nexcept Exception:\n    pass\n"),
    ("D100", SERVICE, "x = 1\n"),
    ("D101", SERVICE, DOC + "class Wish:\n    game: int\n"),
    ("D103", SERVICE, DOC + "async def add() -> None:\n    return None\n"),
    ("ANN201", KIT, DOC + "def size():\n    return 1\n"),
    ("D100", TEST, "x = 1\n"),
    (
        "PT006",
        TEST,
        DOC + 'import pytest\n\n\n@pytest.mark.parametrize("a,b", [(1, 2)])\ndef test_a() -> None: ...\n',
    ),
]


def _found(file: str, text: str) -> set[str]:
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--output-format=json",
            "--stdin-filename",
            file,
            "-",
        ],
        cwd=TOP,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return {finding["code"] for finding in json.loads(checked.stdout)}


@pytest.mark.parametrize(("code", "file", "text"), FAULTS)
def test_ruff_finds_the_planted_fault(code: str, file: str, text: str) -> None:
    assert code in _found(file, text)


def test_the_command_line_may_print_and_tests_may_assert() -> None:
    assert "T201" not in _found("src/samovar/cli/doctor.py", DOC + 'print("here")\n')
    assert "S101" not in _found(TEST, DOC + "def test_a() -> None:\n    assert True\n")
