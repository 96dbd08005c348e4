"""What is imported beside a running catalog is shown by it, and so is what an import changes, though pages are cached."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

from samovar.kit.database import Database
from samovar.testing.hosting import WAIT_S, Running
from tests.services.catalog.exchange.files import app, package, take, write


async def _shown(catalog: Running, slug: str) -> Any:
    return (await catalog.request("GET", f"/v1/games/{slug}")).body


async def test_a_running_catalog_shows_what_an_import_brings_and_changes(
    catalog: Running, catalog_database: Database, tmp_path: Path
) -> None:
    slug = f"kettle-{uuid4().hex[:8]}"
    price = {"RU": {"amount": 59900, "currency": "RUB"}}
    lines = [app(slug, page={"title": "Чайник"}), package(f"{slug}-p", slug, prices=price)]
    assert (await take(catalog_database, write(tmp_path / "a.jsonl", *lines))).faults == []
    assert (await _shown(catalog, slug))["title"] == "Чайник"
    changed = [app(slug, page={"title": "Самовар"}), *lines[1:]]
    assert (await take(catalog_database, write(tmp_path / "b.jsonl", *changed))).counts.changed == 1
    async with asyncio.timeout(WAIT_S):
        while (await _shown(catalog, slug))["title"] != "Самовар":  # noqa: ASYNC110  the event comes by NATS
            await asyncio.sleep(0.02)
