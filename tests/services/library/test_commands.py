"""The operator's commands: licences by hand."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.errors import Unauthenticated
from samovar.kit.identity import Caller
from samovar.kit.ids import new_id
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import PackagesServicer, add_PackagesServicer_to_server
from samovar.testing.hosting import Running

PACKAGE = new_id()
CONTENTS = (new_id(), new_id())
SECRET = uuid4().hex


class _Packages(PackagesServicer):
    """A catalog that has one package."""

    async def BatchGetPackages(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802  as in the .proto
        package = v1_pb2.Package(app_ids=[str(app_id) for app_id in CONTENTS])
        known = set(request.package_ids) & {str(PACKAGE)}
        return v1_pb2.BatchGetPackagesResponse(packages=dict.fromkeys(known, package))


class _Nobody:
    async def verify(self, token: str) -> Caller:
        raise Unauthenticated(token)


@pytest.fixture
async def environ(library: Running, postgres: PostgresServer) -> AsyncIterator[dict[str, str]]:
    """Return the environment of a command: library's database, and where catalog answers."""
    server = RpcServer(secret=Secret(SECRET), verifier=_Nobody())
    server.host("catalog", Rpc(add_PackagesServicer_to_server, _Packages), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    name = await library.database.fetch_value("SELECT current_database()")
    yield {
        **os.environ,
        "SAMOVAR_LIBRARY__DATABASE_URL": postgres.url_for(name),
        "SAMOVAR_LIBRARY__KEY_SECRET": "a secret of keys, for tests alone",
        "SAMOVAR_PLATFORM__REDIS_URL": "redis://unused:6379/0",
        "SAMOVAR_PLATFORM__NATS_URL": "nats://unused:4222",
        "SAMOVAR_PLATFORM__RPC_SECRET": SECRET,
        "SAMOVAR_PLATFORM__ADDRESSES": json.dumps({"catalog": {"rest": address, "rpc": address}}),
    }
    await server.drain(1.0)


async def _samovar_library(environ: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "samovar.cli.main", "library", *map(str, words)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


async def _owned(library: Running, account_id: UUID) -> set[str]:
    answer = await library.request("GET", "/v1/library", account_id=account_id)
    return {item["game_id"] for item in answer.body["items"]}


async def test_apps_are_given_and_taken_back_by_hand(library: Running, environ: dict[str, str]) -> None:
    account_id, app_id = uuid4(), new_id()
    done = await _samovar_library(environ, "grant", account_id, app_id)
    licence_id, _, said = done.stdout.strip().partition(": ")
    assert (done.returncode, said) == (0, f"apps: 1, account: {account_id}")
    assert await _owned(library, account_id) == {str(app_id)}
    done = await _samovar_library(environ, "revoke", licence_id, "--reason", "mistaken")
    assert (done.returncode, done.stdout) == (0, f"{licence_id}: revoked, mistaken\n")
    assert await _owned(library, account_id) == set()


async def test_a_package_gives_all_that_catalog_says_is_in_it(
    library: Running, environ: dict[str, str]
) -> None:
    account_id = uuid4()
    done = await _samovar_library(environ, "grant", account_id, "--package", PACKAGE)
    assert (done.returncode, done.stderr) == (0, "")
    assert await _owned(library, account_id) == {str(app_id) for app_id in CONTENTS}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grant", uuid4()), "grant: app_ids: at least one app"),
        (("grant", uuid4(), "--package", uuid4()), "grant: package: there is no package"),
        (("revoke", uuid4()), "revoke: library.licence_not_found"),
        (("revoke", uuid4(), "--reason", "No!"), "revoke: reason: lower-case letters"),
    ],
)
async def test_a_command_says_what_went_wrong(
    environ: dict[str, str], words: tuple[object, ...], said: str
) -> None:
    done = await _samovar_library(environ, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


async def test_play_time_of_before_is_noted_by_hand(environ: dict[str, str], library: Running) -> None:
    account, app = uuid4(), new_id()
    for minutes in ("90", "120"):
        noted = await _samovar_library(environ, "played", account, app, "--minutes", minutes)
        assert noted.returncode == 0, noted.stderr
    sql = "SELECT brought_s FROM library_entries WHERE account_id = $1 AND app_id = $2"
    assert await library.database.fetch_value(sql, account, app) == 7_200
    refused = await _samovar_library(environ, "played", account, app, "--minutes=-1")
    assert (refused.returncode, "minutes" in refused.stderr) == (1, True)
