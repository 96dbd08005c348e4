"""REST: API keys of an organisation, which auth keeps."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import Conflict, Forbidden
from tests.services.developer.bureau import Bureau

WANTED = {"name": "сборка", "scope": "developer.submission.make"}


class AuthIsFull(Conflict):
    """Auth gives one person no more keys."""

    code = "auth.too_many_api_keys"


@pytest.fixture
async def organisation_id(bureau: Bureau) -> AsyncIterator[UUID]:
    yield uuid4()
    bureau.keys.refusal, bureau.keys.away = None, False


def path(organisation_id: UUID) -> str:
    """Return where the keys of an organisation are."""
    return f"/v1/dev/organizations/{organisation_id}/api-keys"


async def test_an_owner_makes_sees_and_ends_a_key(bureau: Bureau, organisation_id: UUID) -> None:
    owner, game = f"owner@{organisation_id}", str(uuid4())
    wanted = {**WANTED, "game_id": game, "networks": ["192.0.2.0/24"]}
    made = await bureau.ask("POST", path(organisation_id), owner, json=wanted)
    assert made.status == 201, made.body
    assert made.body["key"] == "smvk_abcdefgh"
    seen = await bureau.ask("GET", path(organisation_id), owner)
    assert seen.body["items"] == [made.body["made"]]
    assert (seen.body["items"][0]["game_id"], "key" in seen.body["items"][0]) == (game, False)
    one = f"{path(organisation_id)}/{made.body['made']['id']}"
    assert (await bureau.ask("DELETE", one, owner)).status == 204
    again = await bureau.ask("DELETE", one, owner)
    assert (again.status, again.body["code"]) == (404, "developer.api_key_not_found")


@pytest.mark.parametrize("level", ["editor", "finance", "viewer"])
async def test_only_owners_have_to_do_with_keys(bureau: Bureau, organisation_id: UUID, level: str) -> None:
    place = f"{level}@{organisation_id}"
    for method in ("POST", "GET"):
        answer = await bureau.ask(
            method,
            path(organisation_id),
            place,
            f"owner@{uuid4()}",
            json=WANTED if method == "POST" else None,
        )
        assert (answer.status, answer.body["code"]) == (404, "developer.organisation_not_found")


async def test_a_key_is_made_after_a_fresh_proof_alone(bureau: Bureau, organisation_id: UUID) -> None:
    owner = f"owner@{organisation_id}"
    stale = await bureau.ask("POST", path(organisation_id), owner, json=WANTED, proved_ago_s=3_600)
    assert (stale.status, stale.body["code"]) == (401, "auth.step_up_required")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"scope": "Всё"}, "scope"),
        ({"expires_in_days": 400}, "expires_in_days"),
        ({"networks": ["x"] * 11}, "networks"),
        ({"key": "smvk_mine"}, ""),
    ],
)
async def test_nonsense_names_its_field(
    bureau: Bureau, organisation_id: UUID, wrong: dict[str, Any], field: str
) -> None:
    answer = await bureau.ask(
        "POST", path(organisation_id), f"owner@{organisation_id}", json={**WANTED, **wrong}
    )
    assert answer.status == 422
    assert field in answer.body["errors"][0]["field"]


async def test_what_auth_refuses_is_said_in_words_of_this_service(
    bureau: Bureau, organisation_id: UUID
) -> None:
    owner = f"owner@{organisation_id}"
    bureau.keys.refusal = AuthIsFull(limit=25)
    full = await bureau.ask("POST", path(organisation_id), owner, json=WANTED)
    assert (full.status, full.body["code"]) == (409, "developer.too_many_api_keys")
    assert "25" in full.body["detail"]
    bureau.keys.refusal = Forbidden("no owner any more")
    lost = await bureau.ask("POST", path(organisation_id), owner, json=WANTED)
    assert (lost.status, lost.body["code"]) == (404, "developer.organisation_not_found")
    bureau.keys.refusal, bureau.keys.away = None, True
    away = await bureau.ask("GET", path(organisation_id), owner)
    assert (away.status, away.body["code"]) == (503, "developer.auth_away")
