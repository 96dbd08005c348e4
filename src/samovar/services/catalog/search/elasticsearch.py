"""The text index in Elasticsearch, for stores that one process's index is too small for (ADR 0079).

It follows the same plans as `tantivy`; layouts, aliases, skeletons and typos are the planner's, so no plugin is needed. Titles of both
languages are in one index, descriptions in a field a language. An index has the name `<alias>-<generation>`; queries go to the alias,
which is moved to a new index in one step.

It has never run against a real cluster: the tests hold it against answers as the reference documents of Elasticsearch 9 show them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
from pyroaring import BitMap

from samovar.kit.errors import Unavailable
from samovar.services.catalog.search.backend import Found, TextDocument
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.planner import Clause, Plan, Reading

TIMEOUT_S = 3.0
BULK_TIMEOUT_S = 60.0
# Elasticsearch refuses larger pages (`index.max_result_window`).
WINDOW_MAX = 10_000
EXPANSIONS_MAX = 50
SCORE_SCALE = 1_000
NOT_FOUND = 404

_PLAIN = ("words", "starts", "joined", "whole", "skeletons", "names")
_STEMMED = ("russian", "english")
SETTINGS: Mapping[str, Any] = {
    "settings": {
        "index": {"refresh_interval": "1s"},
        "analysis": {
            "char_filter": {"yo": {"type": "mapping", "mappings": ["ё => е", "Ё => Е"]}},
            "analyzer": {
                f"{language}_stems": {
                    "tokenizer": "standard",
                    "char_filter": ["yo"],
                    "filter": ["lowercase", f"{language}_stop", f"{language}_stemmer"],
                }
                for language in _STEMMED
            },
            "filter": {
                **{
                    f"{language}_stop": {"type": "stop", "stopwords": f"_{language}_"}
                    for language in _STEMMED
                },
                **{f"{language}_stemmer": {"type": "stemmer", "language": language} for language in _STEMMED},
            },
        },
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "properties": {
            **{field: {"type": "keyword"} for field in _PLAIN},
            **{
                field: {"type": "text", "analyzer": f"{field}_stems", "norms": False, "index_options": "docs"}
                for field in _STEMMED
            },
            "weight": {"type": "float"},
        },
    },
}


class ElasticsearchBackend:
    """An index in a cluster, named by an alias.

    Args:
        session: Closed by whoever opened it; carries the credentials.
        url: Of the cluster, without a slash at its end.
        alias: What queries and changes go to.
        table: Gives places for the ids that the cluster answers with.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, alias: str, table: Table) -> None:
        self._session = session
        self._url = url
        self._alias = alias
        self._table = table

    async def find(self, plan: Plan, *, limit: int, within: BitMap | None = None) -> Found:
        """Return the best places for a plan, out of `within` when it is given.

        Raises:
            Unavailable: The cluster is away, or refuses.
        """
        if not plan.readings or (within is not None and not within):
            return Found({}, is_all=True)
        query: dict[str, Any] = {"dis_max": {"queries": [_reading(reading) for reading in plan.readings]}}
        if within is not None:
            ids = [_id(self._table.ids[place]) for place in within]
            query = {"bool": {"must": [query], "filter": [{"ids": {"values": ids}}]}}
        scored = {"query": query, "field_value_factor": {"field": "weight"}, "boost_mode": "multiply"}
        size = min(limit, WINDOW_MAX)
        answer = await self._ask(
            "POST",
            f"{self._alias}/_search",
            {"query": {"function_score": scored}, "size": size, "track_total_hits": size + 1},
        )
        hits = answer["hits"]
        scores = {
            place: round(hit["_score"] * SCORE_SCALE)
            for hit in hits["hits"]
            if (place := self._table.place_of(UUID(hit["_id"]).bytes)) is not None
        }
        return Found(scores, is_all=hits["total"]["value"] <= size)

    async def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return which of these words stand in titles or names."""
        if not words:
            return frozenset()
        fields = ("words", "joined", "whole", "names")
        filters = {
            word: {"bool": {"should": [{"term": {field: {"value": word}}} for field in fields]}}
            for word in words
        }
        answer = await self._ask(
            "POST",
            f"{self._alias}/_search",
            {"size": 0, "track_total_hits": False, "aggs": {"known": {"filters": {"filters": filters}}}},
        )
        buckets = answer["aggregations"]["known"]["buckets"]
        return frozenset(word for word, bucket in buckets.items() if bucket["doc_count"])

    async def write(self, documents: Sequence[TextDocument], removed: Sequence[tuple[int, bytes]]) -> None:
        """Put documents in and take others out; they count when this returns."""
        put = {document.app_id for document in documents}
        actions: list[Any] = [{"delete": {"_id": _id(app_id)}} for _, app_id in removed if app_id not in put]
        for document in documents:
            actions += [{"index": {"_id": _id(document.app_id)}}, _body(document)]
        if actions:
            await self._bulk(self._alias, actions, refresh="wait_for")

    async def replace(self, batches: AsyncIterator[Sequence[TextDocument]], generation: str) -> None:
        """Build a new index and move the alias to it in one step; the one before goes then.

        Args:
            batches: All documents.
            generation: Told apart from all before: a time, a number.
        """
        name = f"{self._alias}-{generation}"
        await self._ask("PUT", name, SETTINGS)
        try:
            async for documents in batches:
                actions: list[Any] = []
                for document in documents:
                    actions += [{"index": {"_id": _id(document.app_id)}}, _body(document)]
                await self._bulk(name, actions, refresh="false")
            await self._ask("POST", f"{name}/_refresh", None)
            before = await self._aliased()
            moves: list[Any] = [{"remove": {"index": old, "alias": self._alias}} for old in before]
            moves.append({"add": {"index": name, "alias": self._alias}})
            await self._ask("POST", "_aliases", {"actions": moves})
        except BaseException:
            await asyncio.shield(self._ask("DELETE", name, None))
            raise
        for old in before:
            await self._ask("DELETE", old, None)

    async def is_there(self) -> bool:
        """Return whether the alias means an index.

        Raises:
            Unavailable: The cluster is away, or refuses.
        """
        return bool(await self._aliased())

    async def close(self) -> None:
        """Let go of nothing: the session is not its own."""

    async def _aliased(self) -> list[str]:
        answer = await self._ask("GET", f"_alias/{self._alias}", None, absent={})
        return sorted(answer)

    async def _bulk(self, index: str, actions: Sequence[Any], *, refresh: str) -> None:
        lines = b"".join(msgspec.json.encode(action) + b"\n" for action in actions)
        answer = await self._send("POST", f"{index}/_bulk?refresh={refresh}", lines, BULK_TIMEOUT_S, None)
        for item in answer.get("items", ()) if answer.get("errors") else ():
            (outcome,) = item.values()
            # What is to go and is not there is gone.
            if outcome["status"] >= NOT_FOUND or "error" in outcome:
                if outcome["status"] == NOT_FOUND and "delete" in item:
                    continue
                raise Unavailable(f"Elasticsearch refused a document: {outcome.get('error')}")

    async def _ask(
        self, method: str, path: str, body: Any, absent: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        data = None if body is None else msgspec.json.encode(body)
        return await self._send(method, path, data, TIMEOUT_S, absent)

    async def _send(
        self, method: str, path: str, data: bytes | None, timeout_s: float, absent: dict[str, Any] | None
    ) -> dict[str, Any]:
        kind = "application/x-ndjson" if "_bulk" in path else "application/json"
        try:
            async with self._session.request(
                method,
                f"{self._url}/{path}",
                data=data,
                headers={"Content-Type": kind} if data is not None else None,
                timeout=aiohttp.ClientTimeout(total=timeout_s),
            ) as response:
                content = await response.read()
                if response.status == NOT_FOUND and absent is not None:
                    return absent
                if not response.ok:
                    raise Unavailable(f"Elasticsearch answered {response.status}: {content[:300]!r}")
                answer: dict[str, Any] = msgspec.json.decode(content or b"{}", type=dict[str, Any])
                return answer
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError) as error:
            raise Unavailable(f"Elasticsearch is away: {error!r}") from error


def _reading(reading: Reading) -> dict[str, Any]:
    words = {
        "bool": {
            "should": [_best(clauses) for clauses in reading.words],
            "minimum_should_match": reading.must,
        }
    }
    return {
        "bool": {
            "should": [words, _best(reading.whole)],
            "minimum_should_match": 1,
            "boost": reading.weight,
        }
    }


def _best(clauses: Sequence[Clause]) -> dict[str, Any]:
    return {
        "dis_max": {
            "queries": [
                {"constant_score": {"filter": _clause(clause), "boost": clause.weight}} for clause in clauses
            ]
        }
    }


def _clause(clause: Clause) -> dict[str, Any]:
    if clause.field in _STEMMED:
        return {"match": {clause.field: {"query": clause.text}}}
    if clause.match == "exact":
        return {"term": {clause.field: {"value": clause.text}}}
    if clause.match == "prefix":
        return {"prefix": {clause.field: {"value": clause.text}}}
    fuzzy = {
        "value": clause.text,
        "fuzziness": clause.typos,
        "transpositions": True,
        "max_expansions": EXPANSIONS_MAX,
    }
    return {"fuzzy": {clause.field: fuzzy}}


def _body(document: TextDocument) -> dict[str, Any]:
    plain: dict[str, Any] = {field: list(getattr(document, field)) for field in _PLAIN}
    return plain | {
        "russian": document.russian,
        "english": document.english,
        "weight": document.weight,
    }


def _id(app_id: bytes) -> str:
    return str(UUID(bytes=app_id))
