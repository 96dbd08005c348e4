"""Logs: ECS 8 lines for Elasticsearch or readable ones for people; other libraries' lines come out in the same form.

Modules write `log = structlog.get_logger(__name__)` and `log.info("order paid", order_id=order.id)`: a fixed sentence and
values beside it. In JSON a plain key becomes `samovar.order_id`, so that it cannot clash with a field of ECS; a key with
a dot is taken for the ECS field that it names. The trace and the service come from `kit.tracing`.

A line never shows a `Secret`, a value whose key names a secret, the password in a URL or a bearer token. It never ends
early either: control characters are written as escapes, so that a value cannot forge a line or drive a terminal.
"""

import io
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TextIO

import msgspec
import structlog

from samovar.kit import tracing
from samovar.kit.errors import SamovarError

ECS_VERSION = "8.17.0"
NAMESPACE = "samovar"
REDACTED = "[redacted]"
TEXT_CHARACTERS_MAX = 8_192
STACK_CHARACTERS_MAX = 32_768
ITEMS_MAX = 100
DEPTH_MAX = 6

# Given to Granian as `log_dictconfig`: it would print its own lines otherwise.
GRANIAN: dict[str, Any] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}

_KEYS_CACHED = 4_096
_INTEGER_MAX = 1 << 63
_SECRET_KEY = re.compile(
    r"passw|token|secret|authorization|cookie|credential|api_?key|private_?key", re.IGNORECASE
).search
_SECRET_TEXT = re.compile(r"(\bbearer\s+)[^\s\"',]+|(://[^/\s:@]*:)[^@\s/]+(?=@)", re.IGNORECASE).sub
_WORD = re.compile(r"[^\s=\"']+").fullmatch
_LEVEL_OF = {"warn": "warning", "exception": "error", "fatal": "critical"}
_GREY, _RED, _GREEN, _YELLOW, _END = "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"
_COLOURS = {"debug": _GREY, "info": _GREEN, "warning": _YELLOW}
_encode = msgspec.json.Encoder().encode


class _Output:
    """Where lines go and what they look like; one a process."""

    def __init__(self) -> None:
        self.stream: TextIO = sys.stdout
        self.service = NAMESPACE
        self.level = logging.INFO
        self.json = False
        self.coloured = False
        # Reentrant: a destructor that logs may run while a line is written.
        self._lock = threading.RLock()

    def line(
        self,
        level: str,
        message: str,
        logger: str | None,
        values: Mapping[str, Any],
        error: BaseException | None,
    ) -> str:
        """Return the line in the form that was asked for."""
        form = _ecs if self.json else _console
        return form(level, message, logger, values, error)

    def write(self, line: str) -> None:
        """Write one line at once, so that lines of several threads do not mix."""
        with self._lock:
            try:
                self.stream.write(f"{line}\n")
                self.stream.flush()
            except (OSError, ValueError):
                return  # Whoever read the log is gone or the stream is closed; the service goes on.


_output = _Output()


class _Logger:
    """What structlog calls with a finished line."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def info(self, line: str) -> None:
        _output.write(line)

    debug = warning = warn = error = exception = critical = fatal = log = msg = info


class _Handler(logging.Handler):
    """Takes the records of other libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            error = record.exc_info[1] if record.exc_info else None
            level = record.levelname.lower()
            _output.write(_output.line(level, record.getMessage(), record.name, {}, error))
        except Exception:  # noqa: BLE001  logging's own contract: a record that cannot be shown goes to handleError
            self.handleError(record)


def configure(*, service: str, log_format: str, level: str, stream: TextIO | None = None) -> None:
    """Set up the logs of the process, once, before the first line is written.

    Args:
        service: The name under which lines appear that no door gave a service.
        log_format: `json` or `console`. The console is coloured on a terminal, or where the environment says
            `FORCE_COLOR` (https://force-color.org), and never where it says `NO_COLOR` (https://no-color.org).
        level: The least level that is written.
        stream: Where to; the standard output unless said.
    """
    _output.stream = stream or sys.stdout
    if isinstance(_output.stream, io.TextIOWrapper):
        _output.stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    _output.service = service
    _output.level = logging.getLevelNamesMapping()[level.upper()]
    _output.json = log_format == "json"
    asked = "FORCE_COLOR" in os.environ or _output.stream.isatty()
    _output.coloured = asked and "NO_COLOR" not in os.environ
    structlog.configure(
        processors=[_render],
        wrapper_class=structlog.make_filtering_bound_logger(_output.level),
        logger_factory=_Logger,
        cache_logger_on_first_use=True,
    )
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.root.handlers[:] = [_Handler()]
    logging.root.setLevel(_output.level)
    logging.captureWarnings(capture=True)


def access(
    *,
    service: str,
    method: str,
    path: str,
    status: int,
    duration_ns: int,
    client_ip: str | None = None,
    user_id: str | None = None,
) -> None:
    """Write the line of one served request. The path comes without its query, which may carry secrets."""
    if _output.level > logging.INFO:
        return
    if not path.isprintable():
        path = _printable(path)
    path = path[:TEXT_CHARACTERS_MAX]
    here = tracing.current()
    trace_id = here.trace_id if here else None
    if not _output.json:
        values = {"ms": round(duration_ns / 1e6, 1), "client": client_ip, "user": user_id, "trace": trace_id}
        shown = {key: value for key, value in values.items() if value is not None}
        _output.write(_console("info", f"{method} {path} {status}", None, shown, None))
        return
    line = _AccessLine(
        datetime.now(UTC),
        "info",
        f"{method} {path} {status}",
        ECS_VERSION,
        "samovar.access",
        service,
        method,
        path,
        status,
        duration_ns,
        trace_id,
        here.span_id if here else None,
        client_ip,
        user_id,
    )
    _output.write(_encode(line).decode())


class _AccessLine(msgspec.Struct, omit_defaults=True, frozen=True):
    """A served request under the names of ECS, in the order in which they are written."""

    at: datetime = msgspec.field(name="@timestamp")
    level: str = msgspec.field(name="log.level")
    message: str
    ecs_version: str = msgspec.field(name="ecs.version")
    dataset: str = msgspec.field(name="event.dataset")
    service: str = msgspec.field(name="service.name")
    method: str = msgspec.field(name="http.request.method")
    path: str = msgspec.field(name="url.path")
    status: int = msgspec.field(name="http.response.status_code")
    duration_ns: int = msgspec.field(name="event.duration")
    trace_id: str | None = msgspec.field(name="trace.id", default=None)
    span_id: str | None = msgspec.field(name="span.id", default=None)
    client_ip: str | None = msgspec.field(name="client.ip", default=None)
    user_id: str | None = msgspec.field(name="user.id", default=None)


def _render(logger: _Logger, method: str, values: MutableMapping[str, Any]) -> str:
    """Turn one call of structlog into a line."""
    message = str(values.pop("event", ""))
    error = values.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is not None and not isinstance(error, BaseException):
        error = sys.exception() if error else None
    return _output.line(_LEVEL_OF.get(method, method), message, logger.name, values, error)


def _ecs(
    level: str, message: str, logger: str | None, values: Mapping[str, Any], error: BaseException | None
) -> str:
    here = tracing.current()
    line: dict[str, Any] = {
        "@timestamp": datetime.now(UTC),
        "log.level": level,
        "message": _clean(message),
        "ecs.version": ECS_VERSION,
        "service.name": (here and here.service) or _output.service,
    }
    if logger:
        line["log.logger"] = _printable(logger)
    if here:
        line["trace.id"] = here.trace_id
        if here.span_id:
            line["span.id"] = here.span_id
    for key, value in values.items():
        field, secret = _field(key)
        line[field] = REDACTED if secret else _shown(value)
    if error is not None:
        line["error.type"] = type(error).__qualname__
        line["error.message"] = _clean(_text(error))
        line["error.stack_trace"] = _clean(_stack(error), STACK_CHARACTERS_MAX)
        if isinstance(error, SamovarError):
            line["error.code"] = error.code
    return _encode(line).decode()


def _console(
    level: str, message: str, _logger: str | None, values: Mapping[str, Any], error: BaseException | None
) -> str:
    here = tracing.current()
    at = datetime.now().astimezone().strftime("%H:%M:%S.%f")[:-3]
    parts = [_paint(at, _GREY), _paint(f"{level:<8}", _COLOURS.get(level, _RED)), _printable(_clean(message))]
    if here and here.service and here.service != _output.service:
        parts.append(_paint("service=", _GREY) + here.service)
    for key, value in values.items():
        shown = REDACTED if _field(key)[1] else _word(_shown(value))
        parts.append(_paint(f"{_printable(str(key))}=", _GREY) + shown)
    line = " ".join(parts)
    if error is None:
        return line
    # Each line of the stack is set in, so that no text inside an error looks like a line of the log.
    stack = _clean(_stack(error), STACK_CHARACTERS_MAX).splitlines()
    return "\n".join((line, *(f"    {_printable(part)}" for part in stack)))


def _paint(text: str, colour: str) -> str:
    return f"{colour}{text}{_END}" if _output.coloured else text


@lru_cache(_KEYS_CACHED)
def _field(key: str) -> tuple[str, bool]:
    """Return the field of ECS or of ours for a key, and whether its value must not be shown."""
    key = _printable(str(key))
    return key if "." in key else f"{NAMESPACE}.{key}", _SECRET_KEY(key) is not None


def _shown(value: Any, depth: int = 0) -> Any:
    """Return the value in the types of JSON, limited and without secrets."""
    if value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < _INTEGER_MAX):
        return value
    if isinstance(value, str):
        return _clean(value)
    if depth == DEPTH_MAX:
        return "…"
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, Mapping):
        return {
            _printable(str(key)): REDACTED if _SECRET_KEY(str(key)) else _shown(item, depth + 1)
            for key, item in islice(value.items(), ITEMS_MAX)
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(item, depth + 1) for item in islice(value, ITEMS_MAX)]
    return _clean(_text(value))


def _text(value: Any) -> str:
    """Return `str(value)` even where the value's own code fails."""
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001  other people's code; a log line must not raise
        return f"<{type(value).__name__}: {type(error).__name__} in __str__>"


def _stack(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001  see _text
        return _text(type(error))


def _clean(text: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
    """Return the text limited, without secrets, and without what JSON would not escape by itself."""
    if len(text) > characters_max:
        text = f"{text[:characters_max]}…"
    if "://" in text or "earer " in text.lower():
        text = _SECRET_TEXT(lambda match: f"{match[1] or match[2]}{REDACTED}", text)
    return text if text.isascii() else _printable(text, spare="\n\r\t")


def _printable(text: str, spare: str = "") -> str:
    """Return the text with all that does not print as itself escaped: controls, separators, changes of direction."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in spare else repr(char)[1:-1] for char in text)


def _word(value: Any) -> str:
    """Return a value for the console, in quotes where it has spaces or an equals sign."""
    if not isinstance(value, str):
        return _printable(_encode(value).decode())
    text = _printable(value)
    return text if _WORD(text) else '"' + text.replace('"', '\\"') + '"'
