"""What an operator types, as a process of its own: killed in the middle, run twice at once, and what it says."""

import asyncio
import gzip
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service
from tests.services.catalog.exchange.files import app, creator, package, term, write

WAIT_S = 60.0
TERMS = 1_200


class _Place:
    """A database of catalog, and commands that work on it."""

    def __init__(self, url: str, database: Database, folder: Path) -> None:
        self.database = database
        self._folder = folder
        self._url = url

    async def start(self, *words: str) -> Process:
        """Start `samovar catalog …`."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "samovar.cli.main", "catalog", *words),
            cwd=self._folder,
            env={
                **os.environ,
                "SAMOVAR_CATALOG__DATABASE_URL": self._url,
                "SAMOVAR_CATALOG__MEDIA_STORE": str(self._folder / "media"),
                "SAMOVAR_UP__STATE": str(self._folder / "nowhere"),
            },
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )

    async def run(self, *words: str, given: bytes = b"") -> tuple[int | None, str, str]:
        """Run `samovar catalog …` to its end, and return its status and what it said."""
        process = await self.start(*words)
        async with asyncio.timeout(WAIT_S):
            out, err = await process.communicate(given)
        return process.returncode, out.decode(), err.decode()

    async def count(self, table: str) -> Any:
        """Return how many rows a table has."""
        return await self.database.fetch_value(f"SELECT count(*) FROM {table}")

    async def until(self, sql: str) -> None:
        """Wait until a query returns something true."""
        async with asyncio.timeout(WAIT_S):
            while not await self.database.fetch_value(sql):  # noqa: ASYNC110  another process writes
                await asyncio.sleep(0.02)


@pytest.fixture
async def place(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[_Place]:
    url = await postgres.create(f"catalog_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    database = await Database.open(Secret(url), service="catalog", pool_size_min=0, pool_size_max=2)
    yield _Place(url, database, tmp_path)
    await database.close()


def _catalogue(folder: Path) -> Path:
    return write(
        folder / "catalogue.jsonl",
        *(app(f"game-{number}", page={"developers": ["teahouse"]}) for number in range(600)),
        *(package(f"package-{number}", f"game-{number}") for number in range(600)),
        creator("teahouse"),
        *(term(f"tag-{number}") for number in range(TERMS)),
    )


async def test_a_killed_import_goes_on_where_it_stopped(place: _Place, tmp_path: Path) -> None:
    file = str(_catalogue(tmp_path))
    async with place.database.transaction() as tx:
        # Behind the terms it waits for the creators, and there it dies.
        await tx.execute("LOCK TABLE creators IN ACCESS EXCLUSIVE MODE")
        process = await place.start("import", file)
        await place.until(f"SELECT new = {TERMS} FROM imports")
        process.kill()
        await process.wait()
    status, said, _ = await place.run("import", file)
    assert (status, said) == (
        0,
        f"2401 lines: 2401 new, 0 changed, 0 unchanged, 0 refused, went on behind {TERMS}\n",
    )
    assert [await place.count(table) for table in ("terms", "apps", "app_versions", "packages")] == [
        TERMS,
        600,
        600,
        600,
    ]
    assert (await place.run("import", file))[1].startswith("2401 lines: 0 new, 0 changed, 2401 unchanged")


async def test_two_imports_of_one_file_share_it(place: _Place, tmp_path: Path) -> None:
    file = str(_catalogue(tmp_path))
    outcomes = await asyncio.gather(*(place.run("import", file) for _ in range(2)))
    assert [status for status, _, _ in outcomes] == [0, 0]
    assert [await place.count(table) for table in ("terms", "apps", "app_versions")] == [TERMS, 600, 600]
    told = "SELECT count(*) = count(DISTINCT aggregate_key) FROM kit.outbox WHERE subject LIKE '%app_changed'"
    assert await place.database.fetch_value(told)


async def test_an_import_that_was_begun_anew_stops_the_old_one(place: _Place, tmp_path: Path) -> None:
    file = str(_catalogue(tmp_path))
    async with place.database.transaction() as tx:
        await tx.execute("LOCK TABLE creators IN ACCESS EXCLUSIVE MODE")
        old = await place.start("import", file)
        await place.until(f"SELECT new = {TERMS} FROM imports")
        new = await place.start("import", "--restart", file)
        await place.until(f"SELECT same = {TERMS} FROM imports")
    async with asyncio.timeout(WAIT_S):
        _, old_said = await old.communicate()
        await new.communicate()
    assert (old.returncode, new.returncode) == (1, 0)
    assert b"begun anew" in old_said
    assert await place.count("apps") == 600


async def test_a_report_names_each_bad_line_in_both_languages(place: _Place, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", term("a"), app("b", page={"tags": ["nowhere"]}), "{")
    status, said, shown = await place.run("import", str(file), "--report", "report.jsonl", "--language", "ru")
    assert (status, said) == (1, "3 lines: 1 new, 0 changed, 0 unchanged, 2 refused\n")
    report = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text("utf-8").splitlines()]
    assert report[0] == {
        "line": 2,
        "record": "app",
        "slug": "b",
        "field": "page.tags[0]",
        "code": "term_unknown",
        "ru": "Такого слова нет в справочнике.",
        "en": "There is no such word in the taxonomy.",
    }
    assert (report[1]["line"], report[1]["code"]) == (3, "not_json")
    assert "line 2: b: page.tags[0]: Такого слова нет в справочнике. [term_unknown]" in shown


async def test_strict_and_check_keep_nothing_of_a_bad_file(place: _Place, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", term("a"), app("b", page={"tags": ["nowhere"]}))
    for way in ("--strict", "--check"):
        status, said, _ = await place.run("import", way, str(file))
        assert (status, said) == (
            1,
            "2 lines: 1 new, 0 changed, 0 unchanged, 1 refused; nothing was kept\n",
        )
    assert await place.count("terms") == 0
    assert await place.count("imports") == 0


async def test_what_comes_through_a_pipe_goes_out_packed(place: _Place, tmp_path: Path) -> None:
    given = gzip.compress(write(tmp_path / "a.jsonl", term("a"), app("b")).read_bytes())
    assert (await place.run("import", "-", given=given))[0] == 0
    _, plain, _ = await place.run("export")
    assert (await place.run("export", "b.jsonl.gz"))[0] == 0
    assert gzip.decompress((tmp_path / "b.jsonl.gz").read_bytes()).decode() == plain
    assert [json.loads(line)["record"] for line in plain.splitlines()] == ["term", "app"]
    assert not (tmp_path / "b.jsonl.gz.part").exists()


async def test_a_file_that_is_not_there_is_told_in_one_line(place: _Place) -> None:
    status, _, said = await place.run("import", "nothing.jsonl")
    assert (status, said.count("\n")) == (1, 2)
    assert "nothing.jsonl" in said


async def test_every_process_is_told_to_build_its_search_index_anew(place: _Place) -> None:
    status, said, _ = await place.run("rebuild-search")
    assert (status, said) == (0, "asked for; each process logs when its new index is served\n")
    subject = await place.database.fetch_value("SELECT subject FROM kit.outbox")
    assert subject == "samovar.catalog.v1.search_rebuild_wanted"
