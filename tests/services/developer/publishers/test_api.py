"""REST: pipelines that are trusted, and what their tokens are exchanged for, with a real issuer."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import RSAKey

from samovar.kit.errors import FieldError, Forbidden, InvalidInput
from tests.services.developer.bureau import Bureau
from tests.services.developer.forge import REPOSITORY, WORKFLOW

SCOPE = "developer.submission.make"


class Trust:
    """An app whose owner trusts a pipeline."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.organisation_id, self.owner_id = uuid4(), uuid4()
        self.app_id = bureau.shelf.add_app(self.organisation_id)

    async def add(self, *, level: str = "owner", **changes: Any) -> Any:
        """Trust a pipeline and return the answer."""
        body = {
            "issuer": self.bureau.forge.url,
            "repository": REPOSITORY.lower(),
            "workflow": WORKFLOW,
            "ref": "refs/heads/main",
            "environment": "store",
            "scope": SCOPE,
            **changes,
        }
        return await self.ask("POST", level=level, json=body)

    async def ask(self, method: str, path: str = "", *, level: str = "owner", **more: Any) -> Any:
        """Ask about the publishers of the app."""
        return await self.bureau.ask(
            method,
            f"/v1/dev/apps/{self.app_id}/publishers{path}",
            f"{level}@{self.organisation_id}",
            account_id=self.owner_id,
            **more,
        )

    async def exchange(self, token: str | None = None, *, app_id: UUID | None = None, **claims: Any) -> Any:
        """Show a token of a run, as a pipeline does."""
        shown = self.bureau.forge.token(**claims) if token is None else token
        body = {"token": shown, "app_id": str(app_id or self.app_id)}
        return await self.bureau.developer.request("POST", "/v1/dev/pipeline-keys", json=body)


@pytest.fixture
async def trust(bureau: Bureau) -> AsyncIterator[Trust]:
    yield Trust(bureau)
    bureau.keys.refusal, bureau.keys.away = None, False


async def test_a_trusted_pipeline_gets_a_key_for_the_one_app(trust: Trust) -> None:
    made = await trust.add()
    assert made.status == 201, made.body
    answer = await trust.exchange()
    assert answer.status == 201, answer.body
    assert answer.body == {"key": "smvk_minted", "scope": SCOPE, "expires_at": "2026-11-27T10:30:00Z"}
    asked = trust.bureau.keys.minted[-1]
    assert (asked.account_id, asked.organisation_id, asked.game_id, asked.scope, asked.minutes) == (
        str(trust.owner_id),
        str(trust.organisation_id),
        str(trust.app_id),
        SCOPE,
        30,
    )
    [seen] = (await trust.ask("GET")).body
    assert (seen["repository_id"], seen["last_used_at"] is None) == ("4711", False)
    assert (await trust.ask("DELETE", f"/{seen['id']}")).status == 204
    assert (await trust.exchange()).body["code"] == "developer.pipeline_not_trusted"


@pytest.mark.parametrize(
    "changes",
    [
        {"repository": "Studio/Other", "workflow_ref": f"Studio/Other/{WORKFLOW}@refs/heads/main"},
        {"workflow_ref": f"{REPOSITORY}/.github/workflows/test.yml@refs/heads/main"},
        {"workflow_ref": f"Stranger/Shared/{WORKFLOW}@refs/heads/main"},
        {"ref": "refs/heads/main-2"},
        {"ref": "refs/pull/1/merge"},
        {"environment": None},
        {"environment": "test"},
        {"repository_id": None},
        {"repository": None},
    ],
)
async def test_another_pipeline_is_refused(trust: Trust, changes: dict[str, Any]) -> None:
    await trust.add()
    answer = await trust.exchange(**changes)
    assert (answer.status, answer.body["code"]) == (403, "developer.pipeline_not_trusted")


async def test_a_repository_that_took_the_name_of_another_is_refused(trust: Trust) -> None:
    await trust.add()
    assert (await trust.exchange()).status == 201
    answer = await trust.exchange(repository_id="4712")
    assert (answer.status, answer.body["code"]) == (403, "developer.pipeline_not_trusted")


async def test_trust_in_one_app_is_none_in_another(trust: Trust) -> None:
    await trust.add()
    other = trust.bureau.shelf.add_app(trust.organisation_id)
    for app_id in (other, uuid4()):
        answer = await trust.exchange(app_id=app_id)
        assert (answer.status, answer.body["code"]) == (403, "developer.pipeline_not_trusted")


async def test_a_token_counts_once_also_when_it_comes_twice_at_once(trust: Trust) -> None:
    await trust.add()
    token = trust.bureau.forge.token()
    answers = await asyncio.gather(*(trust.exchange(token) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert (await trust.exchange(token)).body["code"] == "developer.pipeline_token_used"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"},
        {"aud": ["http://samovar.test", "https://other.example"]},
        {"iss": "https://token.actions.githubusercontent.com"},
        {"exp": int(time.time()) - 120, "iat": int(time.time()) - 400},
        {"iat": int(time.time()) + 3_600, "exp": int(time.time()) + 7_200},
        {"exp": int(time.time()) + 10 * 86_400},
        {"jti": None},
        {"jti": ""},
        {"header": {"alg": "RS256", "kid": "two"}},
        {"header": {"typ": "at+jwt"}},
        {"key": RSAKey.generate_key(2048, {"kid": "one"})},
    ],
)
async def test_a_token_that_does_not_count_is_refused(trust: Trust, changes: dict[str, Any]) -> None:
    await trust.add()
    answer = await trust.exchange(**changes)
    assert (answer.status, answer.body["code"]) == (403, "developer.pipeline_token_invalid")


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "e30.e30.e30", "я.я.я"])
async def test_what_is_no_token_is_refused(trust: Trust, token: str) -> None:
    answer = await trust.exchange(token)
    assert (answer.status, answer.body["code"]) == (403, "developer.pipeline_token_invalid")


async def test_while_auth_is_away_the_token_stays_good(trust: Trust) -> None:
    await trust.add()
    token = trust.bureau.forge.token()
    trust.bureau.keys.away = True
    away = await trust.exchange(token)
    assert (away.status, away.body["code"]) == (503, "developer.auth_away")
    trust.bureau.keys.away = False
    assert (await trust.exchange(token)).status == 201
    trust.bureau.keys.refusal = Forbidden("no editor any more")
    lost = await trust.exchange()
    assert (lost.status, lost.body["code"]) == (403, "developer.pipeline_not_trusted")


async def test_only_owners_trust(trust: Trust) -> None:
    for level in ("editor", "finance", "viewer"):
        answer = await trust.add(level=level)
        assert (answer.status, answer.body["code"]) == (404, "developer.publisher_not_found")
        assert (await trust.ask("GET", level=level)).status == 404
    stale = await trust.ask("POST", json={}, proved_ago_s=3_600)
    assert (stale.status, stale.body["code"]) == (401, "auth.step_up_required")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"issuer": "https://evil.example"}, "issuer"),
        ({"repository": "no-owner"}, "repository"),
        ({"workflow": "release"}, "workflow"),
        ({"ref": "main"}, "ref"),
        ({"ref": "refs/heads/*/x"}, "ref"),
        ({"scope": ""}, "scope"),
    ],
)
async def test_nonsense_names_its_field(trust: Trust, wrong: dict[str, Any], field: str) -> None:
    answer = await trust.add(**wrong)
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)


async def test_a_scope_that_opens_nothing_is_refused_when_it_is_said(trust: Trust) -> None:
    fault = FieldError("scope", "scope_not_held", "nonsense.nothing: the caller has no such permission")
    trust.bureau.keys.refusal = InvalidInput(fields=[fault])
    refused = await trust.add(scope="nonsense.nothing")
    assert (refused.status, refused.body["errors"][0]["code"]) == (422, "scope_not_held")
    assert (await trust.ask("GET")).body == []
    trust.bureau.keys.refusal = None
    trust.bureau.keys.away = True
    assert (await trust.add()).status == 503
