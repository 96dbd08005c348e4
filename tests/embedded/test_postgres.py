"""PostgreSQL: closed databases, `kill -9`, odd folders, root and not root."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

from samovar.embedded import postgres as module
from samovar.embedded.leftovers import alive
from samovar.embedded.postgres import PostgresServer, create_database
from samovar.embedded.process import FolderBusy

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")

PRINT_AN_ADDRESS = """
import asyncio, pathlib, sys
from samovar.embedded.postgres import PostgresServer

async def main():
    async with PostgresServer(pathlib.Path(sys.argv[1])) as server:
        print(await server.create("auth"))

asyncio.run(main())
"""


async def test_a_role_reaches_its_own_database_and_no_other(postgres: PostgresServer) -> None:
    await postgres.create("library")
    own = await asyncpg.connect(await postgres.create("catalog"))
    await own.execute("CREATE TABLE game (id uuid PRIMARY KEY DEFAULT uuidv7())")
    await own.close()
    for other in ("library", "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(postgres.url_for("catalog"), database=other)


async def test_making_a_database_twice_keeps_it_and_its_password(postgres: PostgresServer) -> None:
    assert await postgres.create("download") == await postgres.create("download")


async def test_a_name_that_would_need_quotes_is_refused(postgres: PostgresServer) -> None:
    with pytest.raises(ValueError, match="drop"):
        await create_database(postgres.admin_url, 'x"; drop database y', "password")


async def test_cyrillic_letters_are_letters(postgres: PostgresServer) -> None:
    connection = await asyncpg.connect(await postgres.create("search"))
    await connection.execute("CREATE EXTENSION pg_trgm")
    words = await connection.fetchval("SELECT to_tsvector('russian', '«Ёлка»… и жуки')::text")
    assert words == "'елк':1 'жук':3"
    assert await connection.fetchval("SELECT similarity('Дота', 'дота 2') > 0.5")
    await connection.close()


async def test_statements_are_counted(postgres: PostgresServer) -> None:
    connection = await asyncpg.connect(postgres.admin_url)
    assert await connection.fetchval("SELECT count(*) FROM pg_stat_statements") > 0
    await connection.close()


async def test_it_starts_again_after_kill_9_with_a_busy_backend(folder: Path) -> None:
    async with PostgresServer(folder) as server:
        url = await server.create("auth")
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        backend = await connection.fetchval("SELECT pg_backend_pid()")
        busy = asyncio.create_task(connection.execute("DO $$ BEGIN LOOP PERFORM md5('x'); END LOOP; END $$"))
        await asyncio.sleep(0)
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        assert await server.wait() == -signal.SIGKILL
        await server.start()
        assert not alive(backend)
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await busy
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT answer FROM kept") == 42
        await connection.close()


async def test_a_second_server_in_the_same_folder_is_refused(folder: Path) -> None:
    async with PostgresServer(folder):
        with pytest.raises(FolderBusy, match=str(os.getpid())):
            await PostgresServer(folder).start()


async def test_an_initdb_that_was_cut_short_is_begun_anew(folder: Path) -> None:
    (folder / "data.new" / "base").mkdir(parents=True)
    async with PostgresServer(folder, fsync=False) as server:
        assert server.pid


async def test_passwords_are_for_their_owner_only(folder: Path) -> None:
    async with PostgresServer(folder, fsync=False) as server:
        await server.create("auth")
    assert [(folder / "passwords" / name).stat().st_mode & 0o777 for name in ("auth", "samovar")] == [
        0o600
    ] * 2


@as_root
async def test_root_runs_it_under_another_user_where_namespaces_are_forbidden(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next start takes the files back when they are allowed."""
    namespace, other_user = module.ROOT_IDENTITIES
    for identity in (namespace, other_user, namespace):
        monkeypatch.setattr(module, "ROOT_IDENTITIES", (module.Identity(("false",), 0), identity))
        async with PostgresServer(folder, fsync=False) as server:
            assert (folder / "data").stat().st_uid == identity.owner
            connection = await asyncpg.connect(await server.create("auth"))
            await connection.close()


@as_root
def test_an_ordinary_user_runs_it() -> None:
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    pythons = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    usable = [
        python
        for python in pythons
        if Path(python).exists()
        and not subprocess.run(
            [*nobody, python, "-c", "import samovar.embedded.postgres"],
            env=environment,
            check=False,
            capture_output=True,
        ).returncode
    ]
    if not usable:
        pytest.skip("no Python here that another user may run")
    home = Path(tempfile.mkdtemp(prefix="дом "))
    try:
        os.chown(home, 65534, 65534)
        done = subprocess.run(
            [*nobody, usable[0], "-c", PRINT_AN_ADDRESS, home / "state"],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.startswith("postgresql://auth:"), done.stderr
        assert (home / "state" / "data").stat().st_uid == 65534
    finally:
        shutil.rmtree(home)
