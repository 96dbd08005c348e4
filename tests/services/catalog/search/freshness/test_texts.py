"""The text of the index lies in a cluster where an operator names one; the store works as before, and without the cluster by PostgreSQL."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.services.catalog.app import service
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.kit.eventing import eventually
from tests.services.catalog.pages import page, publish, put
from tests.services.catalog.search.cluster import Cluster

ALIAS = "samovar-apps"
SEARCH = ("POST", f"/{ALIAS}/_search")
WRITTEN = f"/{ALIAS}/_bulk?refresh=wait_for"


@pytest.fixture
async def store(
    cluster: tuple[Cluster, str], postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    made, url = cluster
    made.hold(ALIAS)
    made.answers[SEARCH] = (200, hits())
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats_url,
        issuer=issuer,
        search_elasticsearch_url=url.replace("://", "://samovar:pepper@"),
    ) as started:
        yield started


def hits(*app_ids: UUID) -> dict[str, Any]:
    return {
        "hits": {
            "total": {"value": len(app_ids), "relation": "eq"},
            "max_score": 2.5,
            "hits": [{"_index": f"{ALIAS}-1", "_id": str(app_id), "_score": 2.5} for app_id in app_ids],
        },
        "aggregations": {"known": {"buckets": {}}},
    }


async def found(store: Running, text: str) -> tuple[list[str], bool]:
    body = (await store.request("GET", f"/v1/games?query={text}")).body
    return [item["id"] for item in body["items"]], body["degraded"]


async def asked(made: Cluster, path: str, times: int = 1) -> list[Any]:
    """Wait until something has been asked so often; return the bodies."""

    async def enough() -> bool:
        return len(made.told("POST", path)) >= times

    await eventually(enough, expected=True)
    return made.told("POST", path)


async def test_the_text_lies_in_the_cluster_and_is_followed_there(
    store: Running, cluster: tuple[Cluster, str]
) -> None:
    made, _ = cluster
    await asked(made, "/_aliases")
    ((created, settings),) = [(path, body) for method, path, body in made.asked if method == "PUT"]
    assert created.startswith(f"/{ALIAS}-2")
    assert settings["mappings"]["dynamic"] == "strict"
    assert made.authorised == "Basic c2Ftb3ZhcjpwZXBwZXI="
    app_id = await publish(store.database, "kettle", title="Kettle")
    assert (await asked(made, WRITTEN))[0][0] == {"index": {"_id": str(app_id)}}
    made.answers[SEARCH] = (200, hits(app_id))

    # What the cluster answers is what is found: no word of the query stands in the title.
    async def anything() -> tuple[list[str], bool]:
        return await found(store, "anything")

    await eventually(anything, ([str(app_id)], False))


async def test_without_the_cluster_postgresql_answers_flagged(
    store: Running, cluster: tuple[Cluster, str]
) -> None:
    made, _ = cluster
    await asked(made, "/_aliases")
    app_id = await publish(store.database, "kettle", title="Kettle")
    times = len(await asked(made, WRITTEN))
    made.answers[SEARCH] = made.answers["POST", f"/{ALIAS}/_bulk"] = (503, {"error": "no master"})
    assert await found(store, "Kettle") == ([str(app_id)], True)
    await put(store.database, page("kettle", title="Teapot"), app_id=app_id)
    await asked(made, WRITTEN, times + 1)
    # What could not be written is written as soon as there is a cluster again.
    del made.answers["POST", f"/{ALIAS}/_bulk"]
    made.answers[SEARCH] = (200, hits(app_id))

    async def lately() -> tuple[Any, bool]:
        return made.told("POST", WRITTEN)[-1][-1]["words"], (await found(store, "Kettle"))[1]

    await eventually(lately, (["teapot"], False))
