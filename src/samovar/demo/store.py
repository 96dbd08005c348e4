"""The platform from outside: its public API at the gateway, and the commands of an operator."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

_TIMEOUT_S = 30.0
_PATIENCE_S = 300.0
_PAUSE_S = 1.0


class StoreFailed(Exception):
    """The platform refused what the showcase needs; the message says what and why."""


class Answer(NamedTuple):
    """What came back: the status and the decoded JSON, or nothing."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The stable code of an error."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Store:
    """A client at the gateway. It waits while the platform is busy or a part of it is away.

    Args:
        origin: The address of the gateway.
    """

    def __init__(self, origin: str) -> None:
        self._address = urlsplit(origin)
        self._connection = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        allow: Sequence[int] = (),
    ) -> Answer:
        """Call a route.

        Args:
            method: Of HTTP.
            path: Below the origin.
            body: Sent as JSON; bytes are a picture in WebP.
            token: Who calls.
            allow: Errors that are an answer, too.

        Raises:
            StoreFailed: Any other error.
        """
        until = time.monotonic() + _PATIENCE_S
        while True:
            answer, pause_s = self._once(method, path, body, token)
            if answer is not None and answer.status < HTTPStatus.BAD_REQUEST:
                return answer
            if answer is not None and answer.status in allow:
                return answer
            if pause_s is None or time.monotonic() > until:
                said = (
                    "no answer"
                    if answer is None
                    else f"{answer.status} {json.dumps(answer.body, ensure_ascii=False)}"
                )
                raise StoreFailed(f"{method} {path}: {said}")
            time.sleep(pause_s)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=_TIMEOUT_S
        )

    def _once(
        self, method: str, path: str, body: object, token: str | None
    ) -> tuple[Answer | None, float | None]:
        """Call once; return the answer, and after how long another attempt has sense."""
        kind = "image/webp" if isinstance(body, bytes) else "application/json"
        headers = {"Accept": "application/json", "Content-Type": kind}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        payload = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self._connection.request(method, path, body=payload, headers=headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = self._connect()
            return None, _PAUSE_S
        answer = Answer(response.status, json.loads(raw) if raw else None)
        if response.status in {
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.SERVICE_UNAVAILABLE,
            HTTPStatus.BAD_GATEWAY,
        }:
            return answer, float(response.headers.get("Retry-After") or _PAUSE_S)
        return answer, None


def command(*words: str, allow: Sequence[int] = (0,), environment: Mapping[str, str] | None = None) -> str:
    """Run a command and return what it said.

    Args:
        words: After `samovar`.
        allow: Exit statuses that are an answer, too.
        environment: What it gets besides.

    Raises:
        StoreFailed: It failed.
    """
    ran = subprocess.run(  # noqa: S603  Our own program, our own words.
        [sys.executable, "-m", "samovar.cli.main", *words],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
    )
    if ran.returncode not in allow:
        raise StoreFailed(f"samovar {' '.join(words[:2])}: {ran.stderr.strip() or ran.stdout.strip()}")
    return ran.stdout
