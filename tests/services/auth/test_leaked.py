"""Passwords that were leaked: the commonest of them, and an operator's copy of all."""

import hashlib
import io
from argparse import ArgumentParser
from pathlib import Path

import pytest

from samovar.kit.settings import SettingsError
from samovar.services.auth import commands
from samovar.services.auth.passwords.judging import STAFF_LENGTH_MIN, PasswordRules
from samovar.services.auth.passwords.leaked import PREFIX_BYTES, LeakedPasswords, pack

# «зелёная кочка под луной» was leaked in the world of this test.
LEAKED = "зелёная кочка под луной"
OTHERS = [f"нечто {number}" for number in range(500)]


def listed(*passwords: str) -> list[str]:
    """Return lines as Pwned Passwords is published."""
    digests = [hashlib.sha1(password.encode()).hexdigest().upper() for password in passwords]
    return [f"{digest}:{number}\n" for number, digest in enumerate(sorted(digests), start=1)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Pack a small copy of leaked passwords, by the command."""
    source, target = tmp_path / "pwned.txt", tmp_path / "leaked.bin"
    source.write_text("".join(listed(LEAKED, *OTHERS)), "ascii")
    parser = ArgumentParser()
    commands.add_arguments(parser)
    assert commands.run(parser.parse_args(["pack-leaked", str(source), str(target)])) == 0
    return target


def test_the_commonest_passwords_are_known() -> None:
    with LeakedPasswords() as leaked:
        assert all(word in leaked for word in ("123456789", "trustno1", "Football", "jennifer1"))
        assert LEAKED not in leaked
        assert "" not in leaked


def test_a_copy_of_leaked_passwords_is_looked_up(copy: Path) -> None:
    with LeakedPasswords(copy) as leaked:
        assert all(password in leaked for password in (LEAKED, *OTHERS))
        assert "нечто 500" not in leaked
        fault = PasswordRules(leaked, length_min=8).fault_of(LEAKED, own_words=())
    assert fault
    assert fault.code == "password_leaked"


def test_the_other_keyboard_layout_hides_nothing(copy: Path) -> None:
    with LeakedPasswords(copy) as leaked:
        assert "ptk`yfz rjxrf gjl keyjq" in leaked
        assert "ЗЕЛЁНАЯ КОЧКА ПОД ЛУНОЙ" in leaked
        assert "екгыетщ1" in leaked


def test_a_long_phrase_is_a_password() -> None:
    with LeakedPasswords() as leaked:
        rules = PasswordRules(leaked, length_min=8)
        phrase = "сорок тысяч обезьян в рот засунули банан и пошли домой пить чай"
        assert len(phrase) >= 63
        assert rules.fault_of(phrase + " 🫖", own_words=()) is None


def test_staff_need_a_longer_one() -> None:
    with LeakedPasswords() as leaked:
        rules = PasswordRules(leaked, length_min=8)
        short = "утка в сапоге"
        assert rules.fault_of(short, own_words=(), roles=("player",)) is None
        fault = rules.fault_of(short, own_words=(), roles=("player", "support"))
    assert fault
    assert (fault.code, fault.limit) == ("too_short", str(STAFF_LENGTH_MIN))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["not a digest\n"], "line 1 does not begin"),
        (["F" * 40 + ":1\n", "0" * 40 + ":1\n"], "line 2 is out of order"),
        (["Z" * 40 + "\n"], "non-hexadecimal"),
    ],
)
def test_a_list_of_another_form_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pack(lines, io.BytesIO())


def test_a_double_is_kept_once() -> None:
    output = io.BytesIO()
    assert pack(["A" * 40 + ":1\n", "A" * 40 + ":2\n", "\n"], output) == 1
    assert len(output.getvalue()) == PREFIX_BYTES


@pytest.mark.parametrize("content", [None, b"", b"half a row"])
def test_a_file_that_cannot_be_read_stops_the_process(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "leaked.bin"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="LEAKED_PASSWORDS_FILE"):
        LeakedPasswords(file)
