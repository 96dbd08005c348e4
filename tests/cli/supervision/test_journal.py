"""The journal: names before lines, bounded files, a console that may go away, a disk that may be full."""

import io
from pathlib import Path
from typing import IO

import pytest

from samovar.cli.supervision import journal as module
from samovar.cli.supervision.journal import Journal


class Terminal(io.StringIO):
    """A console that shows colours."""

    def isatty(self) -> bool:
        return True


def journal(folder: Path, console: IO[str], *, follow: bool = True) -> Journal:
    return Journal(folder / "logs", follow=follow, console=console)


def test_a_line_stands_behind_its_name_and_in_its_file(tmp_path: Path) -> None:
    console = io.StringIO()
    lines = journal(tmp_path, console)
    lines.line("auth", "ready")
    assert console.getvalue() == "auth         ready\n"
    assert lines.path("auth").read_text("utf-8") == "ready\n"
    lines.close()


def test_names_have_colours_of_their_own_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    console = Terminal()
    lines = journal(tmp_path, console)
    for name in ("auth", "catalog", "auth"):
        lines.line(name, "ready")
    first, second, third = (line.partition("m")[0] for line in console.getvalue().splitlines())
    assert first == third != second
    lines.close()


def test_without_following_only_the_supervisor_is_heard(tmp_path: Path) -> None:
    console = io.StringIO()
    lines = journal(tmp_path, console, follow=False)
    lines.line("auth", "ready")
    lines.say("all are ready")
    assert console.getvalue() == "samovar      all are ready\n"
    assert lines.path("auth").exists()
    lines.close()


def test_a_file_that_has_grown_is_put_aside_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILE_BYTES_MAX", 10)
    lines = journal(tmp_path, io.StringIO())
    for number in range(7):
        lines.line("auth", f"line {number}")
    lines.close()
    kept = {file.name: file.read_text("utf-8") for file in (tmp_path / "logs").iterdir()}
    assert kept == {"auth.1.log": "line 4\nline 5\n", "auth.log": "line 6\n"}


def test_a_full_disk_is_said_once_and_in_one_sentence(tmp_path: Path) -> None:
    console = io.StringIO()
    lines = journal(tmp_path, console, follow=False)
    for _ in range(3):
        lines.line("nats", "write /state/nats/1.blk: no space left on device")
    assert console.getvalue() == f"samovar      nats has no room left on the disk of {tmp_path}: free some\n"
    lines.close()


def test_a_file_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    console = io.StringIO()
    lines = journal(tmp_path, console)
    lines.path("auth").mkdir()
    lines.line("auth", "ready")
    assert "ready" in console.getvalue()
    lines.close()


def test_a_console_that_went_away_stops_nobody(tmp_path: Path) -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    lines = journal(tmp_path, Gone())
    lines.say("first")
    lines.say("second")
    assert lines.path("samovar").read_text("utf-8") == "first\nsecond\n"
    lines.close()
