"""Each yes and each no, with its wording, for ever."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from samovar.services.account.contract.events import ConsentGiven, ConsentWithdrawn
from samovar.services.auth.contract.events import Consent
from samovar.testing.hosting import Answer, Running
from tests.services.account.conftest import person

MINE = "/v1/accounts/me/consents"
TODAY = "2026-11-27"


async def decide(account: Running, who: UUID, purpose: str, **decision: Any) -> Answer:
    return await account.request("PUT", f"{MINE}/{purpose}", account_id=who, json=decision)


async def entries(account: Running, who: UUID) -> int:
    return int(await account.database.fetch_value("SELECT count(*) FROM consents WHERE account_id = $1", who))


async def registered_with(account: Running, *consents: Consent) -> UUID:
    who = await person(account, consents=consents)
    known = [one for one in consents if one.purpose != "world_peace"]
    await account.until("SELECT count(*) = $2 FROM consents WHERE account_id = $1", who, len(known))
    return who


async def test_what_was_agreed_to_at_registration_is_kept_with_its_wording(account: Running) -> None:
    who = await registered_with(
        account, Consent("terms", TODAY), Consent("personal_data"), Consent("world_peace")
    )
    items = (await account.request("GET", MINE, account_id=who)).body["items"]
    assert [(one["purpose"], one["required"], one["given"], one["text_version"]) for one in items] == [
        ("terms", True, True, TODAY),
        ("personal_data", True, True, None),
        ("advertising", False, False, None),
    ]
    wording = (await account.request("GET", "/v1/consents/texts/terms")).body
    kept = await account.database.fetch_value(
        "SELECT encode(text_hash, 'hex') FROM consents WHERE account_id = $1 AND purpose = 'terms'", who
    )
    assert kept == wording["hash"]
    told = [one.purpose for one in await account.events(ConsentGiven) if one.account_id == who]
    assert told == ["terms", "personal_data"]


async def test_a_yes_and_a_no_are_two_entries_and_two_events(account: Running) -> None:
    who = await person(account)
    said = await decide(account, who, "advertising", given=True, text_version=TODAY)
    assert (said.status, said.body["given"], said.body["text_version"]) == (200, True, TODAY)
    taken_back = await decide(account, who, "advertising", given=False)
    assert (taken_back.body["given"], taken_back.body["text_version"]) == (False, None)
    assert await entries(account, who) == 2
    assert [one.channel for one in await account.events(ConsentGiven) if one.account_id == who] == ["account"]
    withdrawn = [one for one in await account.events(ConsentWithdrawn) if one.account_id == who]
    assert [one.purpose for one in withdrawn] == ["advertising"]
    address = await account.database.fetch_value("SELECT address FROM consents WHERE account_id = $1", who)
    assert address == "127.0.0.1"


async def test_what_is_in_force_is_not_written_again(account: Running) -> None:
    who = await person(account)
    answers = await asyncio.gather(*(decide(account, who, "advertising", given=True) for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert await entries(account, who) == 1
    await decide(account, await person(account), "advertising", given=False)
    assert [await entries(account, who)] == [1]


@pytest.mark.parametrize("purpose", ["terms", "personal_data"])
async def test_what_an_account_rests_on_cannot_be_taken_back_by_itself(
    account: Running, purpose: str
) -> None:
    who = await registered_with(account, Consent(purpose, TODAY))
    refused = await decide(account, who, purpose, given=False)
    assert (refused.status, refused.body["code"]) == (409, "account.consent_required")
    assert "удалите учётную запись" in refused.body["detail"]
    assert await entries(account, who) == 1


async def test_the_ledger_is_only_added_to(account: Running) -> None:
    who = await registered_with(account, Consent("terms", TODAY))
    for change in (
        "DELETE FROM consents WHERE account_id = $1",
        "UPDATE consents SET is_given = false WHERE account_id = $1",
        "UPDATE consents SET address = '192.0.2.1' WHERE account_id = $1",
    ):
        with pytest.raises(asyncpg.RaiseError, match="only added to"):
            async with account.database.transaction() as tx:
                await tx.execute(change, who)
    async with account.database.transaction() as tx:
        assert await tx.execute("UPDATE consents SET address = NULL WHERE account_id = $1", who) == 1


@pytest.mark.parametrize(
    ("purpose", "body", "status", "code"),
    [
        ("world_peace", {"given": True}, 404, "account.purpose_unknown"),
        ("terms", {"given": True, "text_version": "1812-09-07"}, 404, "account.text_version_unknown"),
        ("terms", {"given": "yes"}, 422, "request.invalid"),
        ("terms", {}, 422, "request.invalid"),
        ("terms", {"given": True, "text_version": "x" * 65}, 422, "request.invalid"),
    ],
)
async def test_nonsense_is_refused(
    account: Running, purpose: str, body: dict[str, Any], status: int, code: str
) -> None:
    refused = await decide(account, await person(account), purpose, **body)
    assert (refused.status, refused.body["code"]) == (status, code)


async def test_everybody_may_read_what_is_asked_for_in_both_languages(account: Running) -> None:
    russian = (await account.request("GET", "/v1/consents/texts/personal_data")).body
    english = (await account.request("GET", "/v1/consents/texts/personal_data?language=en")).body
    assert russian["text"].startswith("# Согласие на обработку персональных данных")
    assert english["text"].startswith("# Consent to the processing of personal data")
    assert (russian["hash"], russian["version"], russian["required"]) == (english["hash"], TODAY, True)
    unknown = await account.request("GET", "/v1/consents/texts/terms?version=1")
    assert (unknown.status, unknown.body["code"]) == (404, "account.text_version_unknown")


async def test_a_stranger_has_no_consents(account: Running) -> None:
    assert (await account.request("GET", MINE)).status == 401
