"""Where the text of an index lies: beside its table in a folder, or in a cluster of Elasticsearch that all processes share."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

import aiohttp

from samovar.kit.clock import Clock
from samovar.kit.settings import Secret, variable_of
from samovar.services.catalog.search.backend import SearchBackend, TextDocument
from samovar.services.catalog.search.columns.storage import IndexBroken
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.elasticsearch import ElasticsearchBackend
from samovar.services.catalog.search.tantivy import TantivyBackend

TEXT = "text"
CLUSTER_URL = variable_of("catalog", "search_elasticsearch_url")
CLUSTER_INDEX = variable_of("catalog", "search_elasticsearch_index")


class Texts(Protocol):
    """Builds and opens the text of indexes."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process that builds is told of it."""
        ...

    async def fill(self, place: Path, batches: AsyncIterator[Sequence[TextDocument]]) -> None:
        """Write the text of a new index whose table lies in a folder."""
        ...

    async def open(self, place: Path, table: Table) -> SearchBackend:
        """Return the text that belongs to a table.

        Raises:
            IndexBroken: It is not there, or is of another table.
            Unavailable: It cannot be asked.
        """
        ...

    async def close(self) -> None:
        """Let go of what all of them share."""
        ...


class FolderTexts:
    """Text in the folder of its table: tantivy, in this process."""

    environment: ClassVar[dict[str, str]] = {}

    async def fill(self, place: Path, batches: AsyncIterator[Sequence[TextDocument]]) -> None:
        """Write it; others have their turn after each document."""
        backend = TantivyBackend(place / TEXT)
        with backend.bulk() as write:
            async for documents in batches:
                for document in documents:
                    write(document)
                    await asyncio.sleep(0)

    async def open(self, place: Path, table: Table) -> SearchBackend:
        """Return it; see `Texts`."""
        return await asyncio.to_thread(_opened, place, table)

    async def close(self) -> None:
        """Let go of nothing."""


def _opened(place: Path, table: Table) -> TantivyBackend:
    try:
        backend = TantivyBackend(place / TEXT)
        # The text index may have been written further than the table: what it knows more is read again.
        if backend.count:
            backend.forget_from(table.next_place)
    except (ValueError, OSError) as error:
        raise IndexBroken(f"{place}: {error}") from error
    if backend.count != len(table):
        raise IndexBroken(f"{place}: {backend.count} texts, {len(table)} apps")
    return backend


class ClusterTexts:
    """Text in a cluster, under one alias: whoever builds last serves all, and each process writes the changes that it reads.

    Args:
        url: Of the cluster, with the name and the password.
        alias: What queries go to; indexes are named after it.
    """

    def __init__(self, url: Secret, alias: str, clock: Clock) -> None:
        self._url = url
        self._alias = alias
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the cluster."""
        return {CLUSTER_URL: self._url.reveal(), CLUSTER_INDEX: self._alias}

    async def fill(self, place: Path, batches: AsyncIterator[Sequence[TextDocument]]) -> None:  # noqa: ARG002  Nothing lies there.
        """Write it into a new index, and let the alias mean that."""
        generation = f"{self._clock.now():%Y%m%d%H%M%S%f}"
        await self._backend(Table()).replace(batches, generation)

    async def open(self, place: Path, table: Table) -> SearchBackend:
        """Return it; see `Texts`."""
        backend = self._backend(table)
        if not await backend.is_there():
            raise IndexBroken(f"{place}: the cluster knows no {self._alias}")
        return backend

    async def close(self) -> None:
        """Close the connections to the cluster."""
        if self._session is not None:
            await self._session.close()

    def _backend(self, table: Table) -> ElasticsearchBackend:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return ElasticsearchBackend(self._session, self._url.reveal().rstrip("/"), self._alias, table)


def texts_of(url: Secret | None, alias: str, clock: Clock) -> Texts:
    """Return where an operator wants the text: in a cluster where one is named, else in the process."""
    return FolderTexts() if url is None else ClusterTexts(url, alias, clock)
