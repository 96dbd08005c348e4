"""Asking for one's data and for oblivion: who may, what calls it off, what a crash or a service that is away does."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs
from uuid import uuid4

import pytest

from samovar.kit.settings import Secret
from samovar.services.account.personal_data.errors import LinkInvalid
from samovar.services.account.personal_data.links import Links
from samovar.testing.hosting import Running
from samovar.testing.messages import Messages
from tests.services.account.conftest import person

ME = "/v1/accounts/me"


@pytest.mark.parametrize("path", ["export", "export/link", "erasure"])
async def test_a_stolen_token_is_not_enough(account: Running, path: str) -> None:
    who = await person(account)
    refused = await account.request("POST", f"{ME}/{path}", account_id=who, proved_ago_s=1_000)
    assert (refused.status, refused.body["code"]) == (401, "auth.step_up_required")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "export", 404, "account.data_request_unknown"),
        ("GET", "erasure", 404, "account.data_request_unknown"),
        ("POST", "export/link", 404, "account.data_request_unknown"),
        ("DELETE", "erasure", 409, "account.erasure_not_pending"),
    ],
)
async def test_what_was_not_asked_for_is_not_there(
    account: Running, method: str, path: str, status: int, code: str
) -> None:
    answer = await account.request(method, f"{ME}/{path}", account_id=await person(account))
    assert (answer.status, answer.body["code"]) == (status, code)


async def test_all_twelve_services_are_asked(account: Running) -> None:
    who = await person(account)
    asked = await account.request("POST", f"{ME}/export", account_id=who)
    assert {step["service"] for step in asked.body["steps"]} >= {
        *("auth", "account", "catalog", "library", "download", "payment"),
        *("social", "developer", "admin", "analytics", "notification", "gateway"),
    }


async def test_asking_twice_is_asking_once(account: Running) -> None:
    who = await person(account)
    for path in ("export", "erasure"):
        first, second = [
            (await account.request("POST", f"{ME}/{path}", account_id=who)).body for _ in range(2)
        ]
        assert first["id"] == second["id"]


async def test_an_export_that_is_not_ready_has_no_link(account: Running) -> None:
    who = await person(account)
    await account.request("POST", f"{ME}/export", account_id=who)
    refused = await account.request("POST", f"{ME}/export/link", account_id=who)
    assert (refused.status, refused.body["code"]) == (409, "account.export_not_ready")


async def test_an_erasure_waits_seven_days_and_is_told_by_mail(account: Running, messages: Messages) -> None:
    email = f"{uuid4().hex}@example.org"
    who = await person(account, email=email)
    await messages.last(to=email)
    asked = (await account.request("POST", f"{ME}/erasure", account_id=who)).body
    waits = datetime.fromisoformat(asked["begins_at"]) - datetime.fromisoformat(asked["requested_at"])
    assert (asked["state"], waits) == ("waiting", timedelta(days=7))
    assert (await messages.last(to=email, number=2)).subject.startswith("Учётная запись будет удалена")
    assert (await account.request("DELETE", f"{ME}/erasure", account_id=who)).status == 204
    assert (await messages.last(to=email, number=3)).subject == "Удаление учётной записи отменено"
    shown = (await account.request("GET", f"{ME}/erasure", account_id=who)).body
    assert shown["state"] == "canceled"
    assert (await account.request("DELETE", f"{ME}/erasure", account_id=who)).status == 409


async def test_an_erasure_that_has_begun_cannot_be_called_off(account: Running) -> None:
    who = await person(account)
    await account.request("POST", f"{ME}/erasure", account_id=who)
    async with account.database.transaction() as tx:
        await tx.execute("UPDATE data_requests SET state = 'running' WHERE account_id = $1", who)
    refused = await account.request("DELETE", f"{ME}/erasure", account_id=who)
    assert (refused.status, refused.body["code"]) == (409, "account.erasure_not_pending")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "expires_at=0&signature=x",
        "expires_at=1&signature=" + "a" * 64,
        "expires_at=9999999999&signature=ё",
    ],
)
async def test_a_forged_link_opens_nothing(account: Running, query: str) -> None:
    assert (await account.request("GET", f"/v1/exports/{uuid4()}?{query}")).status == 404


def test_a_link_works_for_its_time_and_its_export_alone() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    links = Links(Secret("x" * 32), origin="https://samovar.example", ttl=timedelta(minutes=10))
    request_id = uuid4()
    path, _, query = links.make(request_id, now).url.partition("?")
    # A log keeps the path: it must open nothing.
    assert path == f"https://samovar.example/v1/exports/{request_id}"
    said = parse_qs(query)
    expires_at, signature = said["expires_at"][0], said["signature"][0]
    links.check(request_id, int(expires_at), signature, now)
    for other, moment, seconds in (
        (uuid4(), now, 0),
        (request_id, now + timedelta(minutes=10), 0),
        (request_id, now, 1),
    ):
        with pytest.raises(LinkInvalid):
            links.check(other, int(expires_at) + seconds, signature, moment)
