"""`samovar doctor`: each thing that is wrong is one line that says what to do."""

import json
import os
import socket
from argparse import ArgumentParser
from pathlib import Path

import pytest

from samovar.cli import doctor
from samovar.cli.doctor import Finding
from samovar.embedded.binaries import Program
from samovar.embedded.ports import ReservedPort
from samovar.embedded.process import lock_folder


def free_port() -> int:
    reserved = ReservedPort()
    reserved.release()
    return reserved.number


def report(capsys: pytest.CaptureFixture[str], state: Path, port: int) -> tuple[int, list[str]]:
    parser = ArgumentParser()
    doctor.add_arguments(parser)
    code = doctor.run(parser.parse_args(["--state", str(state), "--port", str(port)]))
    return code, capsys.readouterr().out.splitlines()


def test_a_good_machine_gets_no_fail(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, lines = report(capsys, tmp_path / "new", free_port())
    assert code == 0
    assert {line.split()[0] for line in lines} <= {"ok", "warn"}
    for program in ("PostgreSQL 18.", "Redis ", "NATS 2.", "Envoy 1."):
        assert any(line.startswith(f"ok    {program}") for line in lines)


def test_a_taken_port_fails_and_names_its_owner(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, lines = report(capsys, tmp_path, taken.getsockname()[1])
    assert code == 1
    assert f"(process {os.getpid()}): choose another with --port" in lines[-1]


def test_the_port_of_the_one_that_runs_is_no_fault(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        record = {"pid": os.getpid(), "phase": "ready", "port": port}
        record |= {"processes": {}, "environment": {}, "timings_s": {}}
        (tmp_path / "up.json").write_text(json.dumps(record), "utf-8")
        (finding,) = doctor.gateway_port(tmp_path, port)
    assert finding.level == "ok"


def test_a_folder_in_use_is_told_from_one_left_behind(tmp_path: Path) -> None:
    (tmp_path / "up.json").touch()
    with lock_folder(tmp_path, "samovar"):
        (used,) = doctor.folder(tmp_path)
    (left,) = doctor.folder(tmp_path)
    assert used == Finding("ok", f"{tmp_path} is in use by `samovar up` (process {os.getpid()})")
    assert left.level == "warn"
    assert "was killed" in left.text


def test_a_program_that_is_missing_fails() -> None:
    (finding,) = doctor.program(Program("NATS", "no-such-wheel", "x", ("no-such-program",)))
    assert finding.level == "fail"
    assert "install the Python package no-such-wheel" in finding.text


def test_a_library_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "broken-server"
    program.write_text(
        "#!/bin/sh\necho 'x: error while loading shared libraries: libfoo.so.1: cannot open' >&2\nexit 127\n",
        "utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (finding,) = doctor.program(Program("NATS", "no-such-wheel", "x", ("broken-server",)))
    assert finding.level == "fail"
    assert finding.text.startswith("NATS needs the library libfoo.so.1, which this machine lacks")


def test_a_package_of_another_version_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "msgspec==0.0.1 \\\n    --hash=sha256:00\nnever-heard-of==1.0\nwin==1 ; sys_platform == 'win32'\n",
        "utf-8",
    )
    monkeypatch.setattr(doctor, "LOCK", lock)
    (finding,) = doctor.packages()
    assert finding.level == "fail"
    assert "(msgspec, never-heard-of)" in finding.text


@pytest.mark.parametrize(
    ("limit", "level"), [("DISK_FREE_BYTES_MIN", "fail"), ("DISK_FREE_BYTES_COMFORT", "warn")]
)
def test_little_room_on_the_disk_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, level: str
) -> None:
    monkeypatch.setattr(doctor, limit, 10**18)
    (finding,) = doctor.disk(tmp_path / "not" / "yet")
    assert finding.level == level
