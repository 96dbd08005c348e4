"""The doors themselves: `make help`, the messages of an environment that cannot be built, the browser, the verdict of `.ci/run`."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
CLOSING = "===== 12 passed, 1 warning in 3.45s ====="


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder to be the only one on PATH: the plain tools, and whatever a test plays."""
    folder = tmp_path / "дом с пробелом"
    folder.mkdir()
    for tool in ("sh", "bash", "dirname", "mktemp", "tee", "grep", "tail", "rm", "cat", "awk", "df"):
        found = shutil.which(tool)
        assert found, f"{tool} is missing on this machine"
        (folder / tool).symlink_to(found)
    return folder


def _play(path: Path, name: str, script: str) -> None:
    program = path / name
    program.unlink(missing_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def _run(path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=TOP, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


def test_help_shows_every_door() -> None:
    declared = re.search(r"^\.PHONY: (.*)$", (TOP / "Makefile").read_text(), re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert declared
    assert re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE) == declared[1].split()


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("", "Python 3.11 or newer is needed, and there is no python3 on PATH."),
        (
            'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac',
            "Python 3.11 or newer is needed, and this is Python 3.9.2.",
        ),
        (
            'case "$*" in --version) echo Python 3.12.1;; *ensurepip*) exit 1;; esac',
            (
                "Python 3.12.1 cannot make environments (no ensurepip): "
                "install its venv package, on Debian and Ubuntu python3-venv."
            ),
        ),
    ],
)
def test_a_python_that_will_not_do_is_named_in_one_sentence(path: Path, python: str, sentence: str) -> None:
    if python:
        _play(path, "python3", python)
    built = _run(path, "sh", ".ci/environment", str(path / "venv"))
    assert (built.returncode, built.stderr) == (1, f"samovar: {sentence}\n")


def test_a_full_disk_is_named_before_anything_is_built(path: Path) -> None:
    _play(path, "python3", "exit 0")
    _play(path, "df", "echo header; echo disk 100 100 20480 100% /")
    built = _run(path, "sh", ".ci/environment", str(path / "venv"))
    assert built.returncode == 1
    assert built.stderr == "samovar: The environment needs 1500 MB of disk, and 20 MB are free.\n"
    assert not (path / "venv").exists()


@pytest.mark.parametrize(("check", "test", "verdict"), [(0, 0, 0), (2, 0, 1), (0, 2, 1), (2, 2, 1)])
def test_the_verdict_of_ci_counts_both_doors(path: Path, check: int, test: int, verdict: int) -> None:
    report = f"echo '{CLOSING}'; [ {test} = 0 ] || echo 'make: *** [test] Error {test}'; exit {test}"
    _play(path, "make", f'case "$1" in check) exit {check};; test) {report};; esac')
    done = _run(path, "bash", ".ci/run")
    assert done.returncode == verdict
    assert done.stdout.splitlines()[-1] == CLOSING


def _prepare_browser(path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ".ci/browser"],
        cwd=TOP,
        env={"PATH": str(path), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_browser_that_is_there_is_left_alone(path: Path) -> None:
    _play(path, "chromium", "exit 0")
    _play(path, "apt-get", "echo asked >&2; exit 1")
    prepared = _prepare_browser(path, CI="true")
    assert (prepared.returncode, prepared.stdout, prepared.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("user", "apt", "sentence"),
    [
        ("1000", "exit 0", "There is no Chromium; install it as root: apt-get install chromium."),
        ("0", "exit 100", "Chromium could not be installed: no network, or no such package here."),
        ("0", "", "There is no Chromium on PATH."),
    ],
)
@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_a_browser_its_tests_are_skipped_and_ci_stops(
    path: Path, user: str, apt: str, sentence: str, ci: str, code: int
) -> None:
    _play(path, "id", f"echo {user}")
    if apt:
        _play(path, "apt-get", apt)
    prepared = _prepare_browser(path, CI=ci)
    assert prepared.returncode == code
    assert prepared.stderr == f"samovar: {sentence} The tests in tests/browser are skipped.\n"


@pytest.mark.parametrize(
    ("is_listed", "calls"), [(True, ["install"]), (False, ["install", "update", "install"])]
)
def test_root_gets_a_browser_and_fetches_lists_only_when_they_do_not_do(
    path: Path,
    is_listed: bool,  # noqa: FBT001
    calls: list[str],
) -> None:
    log, lists = path / "calls", path / "lists"
    if is_listed:
        lists.touch()
    _play(path, "id", "echo 0")
    _play(
        path,
        "apt-get",
        f'for word; do case $word in install|update) echo $word >> "{log}"; last=$word;; esac; done\n'
        f'[ $last = install ] || : > "{lists}"; [ -e "{lists}" ]',
    )
    prepared = _prepare_browser(path, CI="true")
    assert (prepared.returncode, prepared.stderr) == (0, "")
    assert log.read_text().split() == calls
