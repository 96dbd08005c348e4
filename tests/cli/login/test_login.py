"""`samovar login` and `logout` beside the real auth: one sign-in for all commands, kept for one platform, renewed, ended."""

import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from samovar.cli.content.platform import PlatformFailed, sign_in
from samovar.cli.login.keeping import data_home, origin_of, remember, session_of
from samovar.cli.main import main
from samovar.cli.push.platform import Credentials, PushFailed
from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.sdk.errors import SignInNeeded
from tests.services.auth.conftest import Auth, new_installation

PASSWORD = "chaj s limonom i myatoj"
# What auth says when the machine is too busy to hash a password in time: ask again.
BUSY, PATIENCE = {429, 504}, 20


@pytest.fixture(scope="module")
async def auth(
    postgres: PostgresServer,
    redis_url: str,
    messages_simulator: SimulatorServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Auth]:
    """Run auth on a database and a NATS of its own, as the tests of the SDK do."""
    async with NatsServer(tmp_path_factory.mktemp("nats_of_login")) as nats:
        installation = await new_installation(
            postgres, redis_url, nats.url, messages_simulator, database=f"auth_{uuid4().hex[:12]}"
        )
        async with installation.process() as running:
            yield running


@pytest.fixture
def origin(auth: Auth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A machine on which nobody is signed in."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    for variable in ("SAMOVAR_TOKEN", "SAMOVAR_ORIGIN", "SAMOVAR_PLATFORM__ORIGIN", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    return f"http://{auth.host.rest_address}"


async def _samovar(*words: str) -> int:
    return await asyncio.to_thread(main, list(words))


async def _signed_in(auth: Auth, origin: str) -> str:
    """Register somebody, whose session is then kept here; return their account."""
    for _ in range(PATIENCE):
        came = await auth.register()
        if came.status not in BUSY:
            break
    assert came.status == 201, came.body
    return _keep(
        origin, **{name: came.body[name] for name in ("account_id", "access_token", "refresh_token")}
    )


def _keep(origin: str, **session: str) -> str:
    """Keep a session as it is; return its account."""
    file = data_home() / "sessions" / f"{quote(origin, safe='')}.json"
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(json.dumps(session))
    return session["account_id"]


def test_a_session_is_kept_for_its_platform_alone(origin: str) -> None:
    account_id = _keep(origin, account_id=str(uuid4()), access_token="one", refresh_token="two")
    assert str(session_of(origin).read().account_id) == account_id
    for other in (origin.replace("http:", "https:"), f"{origin}0", "http://play.example"):
        with pytest.raises(SignInNeeded):
            session_of(other).read()


async def test_commands_renew_the_session_when_it_runs_out(auth: Auth, origin: str) -> None:
    account_id = await _signed_in(auth, origin)
    (file,) = (data_home() / "sessions").iterdir()
    kept = json.loads(file.read_bytes())
    file.write_text(json.dumps(kept | {"access_token": "eyJhbGciOiJFUzI1NiJ9.e30.stale"}))
    async with await sign_in(origin) as api:
        me = (await api.call("GET", "/v1/auth/me")).read(dict[str, Any])
        assert me["account_id"] == account_id
    stored = session_of(origin)
    token = await stored.token()
    assert token not in {"stale", kept["access_token"]}
    credentials = Credentials.of(token, renew=stored.renew)
    known = credentials.headers
    assert await credentials.renewed(known)
    assert credentials.headers != known
    again = credentials.headers
    # A call that was on the way with the stale token does not renew once more.
    assert await credentials.renewed(known)
    assert credentials.headers == again


async def test_signed_out_the_platform_knows_nobody(
    auth: Auth, origin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await _signed_in(auth, origin)
    token = session_of(origin).read().access_token
    kept = session_of(origin).read()
    assert await _samovar("logout", "--origin", origin) == 0
    assert "Signed out" in capsys.readouterr().out
    assert (await auth.ask("GET", "/v1/auth/me", token=token)).status == 401
    assert await _samovar("logout", "--origin", origin) == 0
    assert "Nobody is signed in" in capsys.readouterr().out
    await session_of(origin).end(kept)
    with pytest.raises(PlatformFailed, match="samovar login"):
        await sign_in(origin)
    gone = Credentials.of(token, renew=session_of(origin).renew)
    with pytest.raises(PushFailed, match="samovar login"):
        await gone.renewed(gone.headers)


async def test_without_a_platform_the_session_is_forgotten_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    away = "http://127.0.0.1:1"
    _keep(away, account_id=str(uuid4()), access_token="one", refresh_token="two")
    assert await _samovar("logout", "--origin", away) == 1
    assert "forgotten here" in capsys.readouterr().err
    assert not list((data_home() / "sessions").iterdir())


async def test_the_platform_that_was_signed_in_to_is_meant_where_none_is_named(
    origin: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await _samovar("login") == 1
    assert "--origin" in capsys.readouterr().err
    data_home().mkdir(exist_ok=True)
    remember(origin)
    assert origin_of(None) == origin
    monkeypatch.setenv("SAMOVAR_ORIGIN", "http://set.example")
    assert origin_of(None) == "http://set.example"
    assert origin_of("http://named.example") == "http://named.example"


async def test_without_a_terminal_no_password_is_asked_for(
    origin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await _samovar("login", "--password", "--origin", origin) == 1
    assert "another device" in capsys.readouterr().err


async def test_a_password_is_typed_and_not_shown(auth: Auth, origin: str) -> None:
    email = f"{uuid4().hex}@example.org"
    person = {"email": email, "password": PASSWORD, "display_name": "Аня", "consents": []}
    # A busy machine may cut a registration off after it was made.
    for _ in range(PATIENCE):
        if (await auth.ask("POST", "/v1/auth/register", person)).status not in BUSY:
            break
    for password, code in (("wrong " + PASSWORD, 1), (PASSWORD, 0)):
        for _ in range(PATIENCE):
            done, shown = await asyncio.to_thread(_at_terminal, origin, email, password)
            if "does not answer" not in shown:
                break
        assert done == code, shown
        assert password not in shown
    assert "Signed in" in shown
    assert origin_of(None) == origin
    (file,) = (data_home() / "sessions").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert session_of(origin).read()


def _at_terminal(origin: str, *typed: str) -> tuple[int, str]:
    """Run `samovar login --password` at a terminal where somebody answers each question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "samovar.cli.main", "login", "--password", "--origin", origin]
    options: dict[str, Any] = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
    with subprocess.Popen(command, **options) as process:
        os.close(theirs)
        shown, left = b"", list(typed)
        while True:
            try:
                data = os.read(ours, 4_096)
            except OSError:
                break
            if not data:
                break
            shown += data
            if left and shown.rstrip(b"\r\n").endswith(b": "):
                os.write(ours, left.pop(0).encode() + b"\n")
        code = process.wait()
    os.close(ours)
    return code, shown.decode(errors="replace")
