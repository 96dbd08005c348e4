"""A server that is missing or will not run is explained in one sentence."""

from pathlib import Path

import pytest

from samovar.embedded.binaries import Program, ServerError, explain


def test_a_server_without_its_wheel_is_found_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "samovar-server"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = Program("Server", "no-such-wheel", "x", ("other", "samovar-server")).find()
    assert found == program


def test_a_server_that_is_nowhere_says_what_to_install() -> None:
    with pytest.raises(
        ServerError, match=r"^NATS is missing: install the Python package no-such-wheel, or put x"
    ):
        Program("NATS", "no-such-wheel", "x", ("x-server",)).find()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "postgres: error while loading shared libraries: libicui18n.so.72: cannot open shared object file",
            "NATS needs the library libicui18n.so.72, which this machine lacks",
        ),
        ("write: No space left on device", "NATS has no room: the disk of /state is full"),
        ("bind: Address already in use", "NATS found its port taken by another program"),
        ("first\nthe last word\n", "NATS stopped while starting: the last word"),
        ("", "NATS stopped while starting: it said nothing"),
    ],
)
def test_the_last_words_of_a_server_become_one_sentence(output: str, sentence: str) -> None:
    assert explain("NATS", output.splitlines(), Path("/state")).startswith(sentence)
