"""The contract of Elasticsearch, as its reference documents show it, held by a small server.

Nothing here shows that a real cluster finds the same: `test_recall` is to be run against one before anybody relies on it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from pyroaring import BitMap

from samovar.kit.errors import Unavailable
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.elasticsearch import ElasticsearchBackend
from samovar.services.catalog.search.freshness.documents import text_of
from samovar.services.catalog.search.planner import Planner
from samovar.services.catalog.search.schemas import SearchDocument
from samovar.services.catalog.search.words.aliases import Aliases
from tests.services.catalog.search.cluster import Cluster

ONE, TWO, GONE = UUID(int=1), UUID(int=2), UUID(int=3)
MISSING_INDEX = {
    "error": {"root_cause": [{"type": "index_not_found_exception", "reason": "no such index [apps]"}]},
    "status": 404,
}


@pytest.fixture
async def backend(cluster: tuple[Cluster, str]) -> AsyncIterator[ElasticsearchBackend]:
    async with aiohttp.ClientSession() as session:
        yield ElasticsearchBackend(session, cluster[1], "apps", table_of())


def document(app_id: UUID, title: str) -> SearchDocument:
    return SearchDocument(
        app_id=app_id, kind="game", stage="released", title=title, texts={"ru": "Сражения"}, popularity=99.0
    )


def table_of() -> Table:
    table = Table()
    for app_id, title in ((ONE, "The Witcher"), (TWO, "Fallout")):
        table.add(document(app_id, title), datetime(2026, 1, 1, tzinfo=UTC))
    return table


async def known(words: Any) -> frozenset[str]:
    return frozenset(words)


async def test_hits_become_places_with_scores(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend
) -> None:
    cluster[0].answers["POST", "/apps/_search"] = (
        200,
        {
            "took": 5,
            "timed_out": False,
            "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
            "hits": {
                "total": {"value": 3, "relation": "eq"},
                "max_score": 8.25,
                "hits": [
                    {"_index": "apps-1", "_id": str(TWO), "_score": 8.25},
                    {"_index": "apps-1", "_id": str(GONE), "_score": 4.0},
                    {"_index": "apps-1", "_id": str(ONE), "_score": 1.5},
                ],
            },
        },
    )
    plan = await Planner(Aliases()).plan("фоллаут", known)
    found = await backend.find(plan, limit=100)
    assert found.scores == {1: 8250, 0: 1500}
    assert found.is_all
    (body,) = cluster[0].told("POST", "/apps/_search")
    scored = body["query"]["function_score"]
    assert scored["field_value_factor"] == {"field": "weight"}
    (reading,) = scored["query"]["dis_max"]["queries"]
    words = reading["bool"]["should"][0]["bool"]
    assert words["minimum_should_match"] == 1
    clauses = [clause["constant_score"] for clause in words["should"][0]["dis_max"]["queries"]]
    assert {"filter": {"term": {"words": {"value": "фоллаут"}}}, "boost": 8.0} in clauses
    assert {"filter": {"match": {"russian": {"query": "фоллаут"}}}, "boost": 0.3} in clauses
    assert any(clause["filter"].get("term") == {"skeletons": {"value": "flt"}} for clause in clauses)
    fuzzy = {"value": "фоллаут", "fuzziness": 1, "transpositions": True, "max_expansions": 50}
    assert any(clause["filter"].get("fuzzy") == {"words": fuzzy} for clause in clauses)


async def test_more_than_fits_is_said_and_some_may_be_asked_for_alone(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend
) -> None:
    hit = {"_index": "apps-1", "_id": str(ONE), "_score": 1.0}
    cluster[0].answers["POST", "/apps/_search"] = (
        200,
        {"hits": {"total": {"value": 2, "relation": "gte"}, "max_score": 1.0, "hits": [hit]}},
    )
    plan = await Planner(Aliases()).plan("witcher", known)
    found = await backend.find(plan, limit=1, within=BitMap([0]))
    assert not found.is_all
    (body,) = cluster[0].told("POST", "/apps/_search")
    assert body["query"]["function_score"]["query"]["bool"]["filter"] == [{"ids": {"values": [str(ONE)]}}]
    assert (await backend.find(plan, limit=1, within=BitMap())).scores == {}
    assert (await backend.find(await Planner(Aliases()).plan("🎲", known), limit=1)).is_all


async def test_known_words_are_those_that_some_document_has(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend
) -> None:
    buckets = {"witcher": {"doc_count": 3}, "wicher": {"doc_count": 0}}
    cluster[0].answers["POST", "/apps/_search"] = (200, {"aggregations": {"known": {"buckets": buckets}}})
    assert await backend.known(["witcher", "wicher"]) == {"witcher"}
    assert await backend.known([]) == frozenset()


async def test_documents_go_in_and_out_together(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend
) -> None:
    deleted = {"delete": {"_id": str(GONE), "status": 404, "result": "not_found"}}
    cluster[0].answers["POST", "/apps/_bulk"] = (200, {"errors": True, "items": [deleted]})
    text = text_of(document(ONE, "The Witcher"), 7)
    await backend.write([text], [(0, ONE.bytes), (2, GONE.bytes)])
    (lines,) = cluster[0].told("POST", "/apps/_bulk?refresh=wait_for")
    assert lines[:2] == [{"delete": {"_id": str(GONE)}}, {"index": {"_id": str(ONE)}}]
    assert lines[2]["words"] == ["the", "witcher"]
    assert lines[2]["weight"] == pytest.approx(1.5)
    refused = {"index": {"_id": str(ONE), "status": 400, "error": {"type": "document_parsing_exception"}}}
    cluster[0].answers["POST", "/apps/_bulk"] = (200, {"errors": True, "items": [refused]})
    with pytest.raises(Unavailable):
        await backend.write([text], [])


async def test_the_alias_moves_to_a_new_index_in_one_step(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend
) -> None:
    async def batches() -> AsyncIterator[list[Any]]:
        yield [text_of(document(ONE, "The Witcher"), 0)]

    cluster[0].answers["GET", "/_alias/apps"] = (200, {"apps-1": {"aliases": {"apps": {}}}})
    await backend.replace(batches(), "2")
    asked = [(method, path) for method, path, _ in cluster[0].asked]
    assert asked == [
        ("PUT", "/apps-2"),
        ("POST", "/apps-2/_bulk?refresh=false"),
        ("POST", "/apps-2/_refresh"),
        ("GET", "/_alias/apps"),
        ("POST", "/_aliases"),
        ("DELETE", "/apps-1"),
    ]
    (moves,) = cluster[0].told("POST", "/_aliases")
    assert moves == {
        "actions": [
            {"remove": {"index": "apps-1", "alias": "apps"}},
            {"add": {"index": "apps-2", "alias": "apps"}},
        ]
    }


async def test_a_build_that_fails_leaves_nothing_behind(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend
) -> None:
    async def batches() -> AsyncIterator[list[Any]]:
        yield [text_of(document(ONE, "The Witcher"), 0)]

    cluster[0].answers["POST", "/apps-2/_bulk"] = (
        429,
        {"error": {"type": "es_rejected_execution_exception"}},
    )
    with pytest.raises(Unavailable):
        await backend.replace(batches(), "2")
    assert [(method, path) for method, path, _ in cluster[0].asked][-1] == ("DELETE", "/apps-2")
    assert not cluster[0].told("POST", "/_aliases")


@pytest.mark.parametrize(
    ("status", "answer"), [(404, MISSING_INDEX), (503, {}), (429, {}), (200, "no JSON"), (200, "[]")]
)
async def test_a_cluster_that_cannot_answer_is_unavailable(
    cluster: tuple[Cluster, str], backend: ElasticsearchBackend, status: int, answer: Any
) -> None:
    cluster[0].answers["POST", "/apps/_search"] = (status, answer)
    plan = await Planner(Aliases()).plan("witcher", known)
    with pytest.raises(Unavailable):
        await backend.find(plan, limit=10)


async def test_a_cluster_that_is_away_is_unavailable() -> None:
    async with aiohttp.ClientSession() as session:
        backend = ElasticsearchBackend(session, "http://127.0.0.1:1", "apps", table_of())
        with pytest.raises(Unavailable):
            await backend.known(["witcher"])
