"""`samovar push` from a pipeline: the token of its service is exchanged for a key of minutes, for the one app."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from samovar.cli.push.pipeline import exchanged, token_of_pipeline
from samovar.cli.push.platform import PushFailed, Refused

APP = uuid4()


class Outside:
    """The service that runs pipelines, and the platform that believes it."""

    def __init__(self) -> None:
        self.is_permitted = True
        self.asked: list[tuple[str, str]] = []

    async def token(self, request: web.Request) -> web.Response:
        """Make a token for whom it is asked for."""
        self.asked.append((request.query["audience"], request.headers["Authorization"]))
        if not self.is_permitted:
            return web.json_response({"message": "no permission"}, status=403)
        return web.json_response({"value": f"token for {request.query['audience']}", "count": 1})

    async def exchange(self, request: web.Request) -> web.Response:
        """Give a key for the token of the app."""
        order = await request.json()
        if order != {"token": "token for https://play.example", "app_id": str(APP)}:
            return web.json_response({"code": "developer.pipeline_not_trusted", "detail": "no"}, status=403)
        return web.json_response({"key": "smvk_minutes", "scope": "download.build.push"}, status=201)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def origin(outside: Outside) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/token", outside.token)
    app.router.add_post("/v1/dev/pipeline-keys", outside.exchange)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def environment(origin: str) -> dict[str, str]:
    return {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{origin}/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
    }


async def test_a_workflow_asks_for_a_token_for_the_platform_and_exchanges_it(
    outside: Outside, origin: str
) -> None:
    token = await token_of_pipeline("https://play.example", environment(origin))
    assert outside.asked == [("https://play.example", "Bearer of-the-job")]
    assert token is not None
    assert (await exchanged(origin, token, APP)).headers == {"X-API-Key": "smvk_minutes"}
    with pytest.raises(Refused, match="pipeline_not_trusted"):
        await exchanged(origin, token, uuid4())


async def test_a_given_token_comes_first_and_without_one_there_is_none(outside: Outside, origin: str) -> None:
    given = {**environment(origin), "SAMOVAR_ID_TOKEN": "given"}
    assert await token_of_pipeline("https://play.example", given) == "given"
    assert await token_of_pipeline("https://play.example", {"ACTIONS_ID_TOKEN_REQUEST_URL": origin}) is None
    assert outside.asked == []


async def test_a_workflow_without_the_permission_is_told_so(outside: Outside, origin: str) -> None:
    outside.is_permitted = False
    with pytest.raises(PushFailed, match="answers 403"):
        await token_of_pipeline("https://play.example", environment(origin))
    with pytest.raises(PushFailed, match="gets no token"):
        await token_of_pipeline("https://play.example", environment("http://127.0.0.1:9"))
