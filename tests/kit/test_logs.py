"""What a line of the log holds, what it hides, and that no value can make it two lines."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from typing import Any
from uuid import UUID

import msgspec
import pytest
import structlog

from samovar.kit import logs, tracing
from samovar.kit.errors import NotFound
from samovar.kit.settings import Secret

Lines = Callable[..., io.StringIO]


@pytest.fixture
def configured() -> Iterator[Lines]:
    handlers, level = logging.root.handlers[:], logging.root.level

    def configure(log_format: str, level: str = "info") -> io.StringIO:
        stream = io.StringIO()
        logs.configure(service="auth", log_format=log_format, level=level, stream=stream)
        return stream

    yield configure
    logging.captureWarnings(capture=False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def only(stream: io.StringIO) -> dict[str, Any]:
    """Return the one JSON line that was written."""
    (line,) = stream.getvalue().splitlines()
    decoded: dict[str, Any] = json.loads(line)
    return decoded


def fail(error: Exception) -> None:
    raise error


def test_a_json_line_has_the_fields_of_ecs(configured: Lines) -> None:
    stream = configured("json")
    game = UUID(int=7)
    with tracing.extracted({}), tracing.span("GET /", kind="server", service="catalog"):
        trace_id = tracing.current_trace_id()
        structlog.get_logger("samovar.test").warning(
            "game withdrawn", game_id=game, tries=3, **{"user.id": "u1"}
        )
    line = only(stream)
    assert line.pop("@timestamp").endswith("Z")
    assert line == {
        "log.level": "warning",
        "message": "game withdrawn",
        "ecs.version": logs.ECS_VERSION,
        "service.name": "catalog",
        "log.logger": "samovar.test",
        "trace.id": trace_id,
        "samovar.game_id": str(game),
        "samovar.tries": 3,
        "user.id": "u1",
    }


def test_an_exception_is_written_with_its_type_code_and_stack(configured: Lines) -> None:
    stream = configured("json")
    try:
        fail(NotFound("no such game"))
    except NotFound:
        structlog.get_logger().exception("look-up failed")
    line = only(stream)
    assert line["log.level"] == "error"
    assert line["error.type"] == "NotFound"
    assert line["error.code"] == "request.not_found"
    assert line["error.message"] == "no such game"
    assert "test_logs.py" in line["error.stack_trace"]


def test_lines_of_other_libraries_come_in_the_same_form(configured: Lines) -> None:
    stream = configured("json")
    try:
        fail(ConnectionError("reset by peer"))
    except ConnectionError:
        logging.getLogger("nats.aio").warning("lost %s", "connection", exc_info=True)
    line = only(stream)
    assert line["log.logger"] == "nats.aio"
    assert line["log.level"] == "warning"
    assert line["message"] == "lost connection"
    assert line["error.type"] == "ConnectionError"


def test_lines_below_the_level_are_not_written(configured: Lines) -> None:
    stream = configured("json", "warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("asyncio").info("quiet")
    logs.access(service="auth", method="GET", path="/", status=200, duration_ns=1)
    assert stream.getvalue() == ""


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_secrets_are_not_written(configured: Lines, log_format: str) -> None:
    class Credentials(msgspec.Struct):
        login: str
        password: str

    stream = configured(log_format)
    structlog.get_logger().info(
        "sent Bearer hunter2.a.b to nats://kit:hunter2@127.0.0.1",
        rpc_secret=Secret("hunter2"),
        setting=Secret("hunter2"),
        refresh_token="hunter2",
        headers={"Authorization": "Basic hunter2", "Set-Cookie": ["hunter2"], "accept": "text/html"},
        body=[Credentials("anna", "hunter2")],
        dsn="postgresql://auth:hunter2@127.0.0.1/auth",
    )
    logging.getLogger("asyncpg").error("cannot reach %s", "postgresql://auth:hunter2@127.0.0.1/auth")
    written = stream.getvalue()
    assert "hunter2" not in written
    assert written.count(logs.REDACTED) == 9
    assert "text/html" in written
    assert "anna" in written
    assert "@127.0.0.1/auth" in written


NASTY = "paid\n12:00:00.000 error    forged\r\x1b[2J\x9b31m\u2028\u202e\ud800\x00"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_value_forges_a_line_or_drives_a_terminal(configured: Lines, log_format: str) -> None:
    stream = configured(log_format)
    structlog.get_logger(NASTY).info(NASTY, name=NASTY, nested={NASTY: [NASTY]}, **{NASTY: 1})
    logs.access(service="auth", method="GET", path=NASTY, status=404, duration_ns=1)
    logging.getLogger("nats").info("%s", NASTY)
    written = stream.getvalue()
    assert len(written.splitlines()) == 3
    assert written.replace("\n", "").isprintable()


def test_a_stack_on_the_console_is_set_in(configured: Lines) -> None:
    stream = configured("console")
    structlog.get_logger().error("failed", exc_info=ValueError(NASTY))
    first, *stack = stream.getvalue().splitlines()
    assert "failed" in first
    assert stack
    assert all(line.startswith("    ") and line.isprintable() for line in stack)


def test_values_of_any_type_and_size_are_written(configured: Lines) -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("no")

    endless: dict[str, Any] = {}
    endless["self"] = endless
    stream = configured("json")
    structlog.get_logger().info(
        "odd",
        big=1 << 80,
        nan=float("nan"),
        broken=Broken(),
        endless=endless,
        long="x" * 100_000,
        many=range(9),
    )
    line = only(stream)
    assert line["samovar.big"] == str(1 << 80)
    assert line["samovar.nan"] is None
    assert "RuntimeError" in line["samovar.broken"]
    assert len(line["samovar.long"]) <= logs.TEXT_CHARACTERS_MAX + 1
    assert line["samovar.many"] == "range(0, 9)"


def test_russian_is_readable(configured: Lines) -> None:
    stream = configured("console")
    structlog.get_logger().info("игра куплена", title="Тетрис")
    assert "игра куплена title=Тетрис" in stream.getvalue()


def test_a_request_is_one_line_of_ecs(configured: Lines) -> None:
    stream = configured("json")
    with tracing.extracted({}):
        logs.access(
            service="catalog",
            method="GET",
            path="/v1/games",
            status=200,
            duration_ns=3_000_000,
            client_ip="127.0.0.1",
            user_id="u1",
        )
        trace_id = tracing.current_trace_id()
    line = only(stream)
    assert line.pop("@timestamp").endswith("Z")
    assert line == {
        "log.level": "info",
        "message": "GET /v1/games 200",
        "ecs.version": logs.ECS_VERSION,
        "event.dataset": "samovar.access",
        "service.name": "catalog",
        "http.request.method": "GET",
        "url.path": "/v1/games",
        "http.response.status_code": 200,
        "event.duration": 3_000_000,
        "trace.id": trace_id,
        "client.ip": "127.0.0.1",
        "user.id": "u1",
    }


def test_the_console_is_coloured_only_when_asked(configured: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    plain = configured("console")
    structlog.get_logger().info("plain")
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = configured("console")
    structlog.get_logger().info("coloured")
    monkeypatch.setenv("NO_COLOR", "1")
    refused = configured("console")
    structlog.get_logger().info("refused")
    assert "\x1b[" not in plain.getvalue()
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[" not in refused.getvalue()


def test_a_reader_that_is_gone_does_not_stop_the_service(configured: Lines) -> None:
    stream = configured("json")
    stream.close()
    structlog.get_logger().info("into the void")
    assert stream.closed


def test_the_standard_output_of_the_moment_is_the_default(configured: Lines) -> None:
    configured("json")
    stream = io.StringIO()
    with redirect_stdout(stream):
        logs.configure(service="auth", log_format="json", level="info")
        structlog.get_logger().info("here")
    assert only(stream)["message"] == "here"


def test_importing_the_kit_brings_neither_rich_nor_the_tracing_sdk() -> None:
    check = "import sys, samovar.kit.logs; print(*({'rich', 'opentelemetry', 'attr'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
