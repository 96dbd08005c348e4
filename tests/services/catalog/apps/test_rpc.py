"""gRPC of apps, as other services call it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import AppsStub
from samovar.testing.hosting import Running
from tests.services.catalog.pages import page, publish, put


@pytest.fixture
async def apps(catalog: Running) -> AsyncIterator[Any]:
    async with catalog.channel() as channel:
        yield AppsStub(channel)


async def test_apps_are_told_whoever_may_see_them(apps: Any, catalog: Running) -> None:
    database = catalog.database
    organisation = uuid4()
    texts = {"ru": {"title": "Чай", "short_description": "О чае"}}
    game = await publish(database, "rpc-game", age={"rating": 18}, texts=texts, visible={"only_in": ["KZ"]})
    draft = (
        await put(
            database,
            page("rpc-dlc", kind="dlc", base="rpc-game"),
            state="draft",
            organisation_id=organisation,
        )
    ).app_id
    ids = [str(game), str(draft), str(uuid4())]
    told = (await apps.BatchGetApps(v1_pb2.BatchGetAppsRequest(app_ids=ids))).apps
    assert set(told) == {str(game), str(draft)}
    first, second = told[str(game)], told[str(draft)]
    assert (first.title, first.slug, first.kind, first.age_rating, first.state, first.version) == (
        "Чай",
        "rpc-game",
        "game",
        18,
        "published",
        1,
    )
    assert not first.HasField("base_app_id")
    assert not first.HasField("capsule_url")
    assert (second.base_app_id, second.organisation_id, second.state) == (
        str(game),
        str(organisation),
        "draft",
    )
    english = await apps.BatchGetApps(v1_pb2.BatchGetAppsRequest(app_ids=ids, language="en"))
    assert english.apps[str(game)].title == "Rpc Game"


async def test_what_comes_out_says_when(apps: Any, catalog: Running) -> None:
    dated = await publish(catalog.database, "rpc-dated", release={"stage": "coming_soon", "on": "2027-03-15"})
    promise = {"ru": "весна 2027", "en": "spring 2027"}
    vague = await publish(catalog.database, "rpc-vague", release={"stage": "coming_soon", "promise": promise})
    told = (await apps.BatchGetApps(v1_pb2.BatchGetAppsRequest(app_ids=[str(dated), str(vague)]))).apps
    assert (told[str(dated)].release_on, dict(told[str(dated)].release_promise)) == ("2027-03-15", {})
    assert not told[str(vague)].HasField("release_on")
    assert dict(told[str(vague)].release_promise) == promise


@pytest.mark.parametrize(
    "request_", [{"app_ids": ["x"]}, {"app_ids": [str(uuid4())] * 501}, {"app_ids": [], "language": "de"}]
)
async def test_nonsense_is_refused(apps: Any, request_: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        await apps.BatchGetApps(v1_pb2.BatchGetAppsRequest(**request_))
